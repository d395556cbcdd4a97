"""How a status looks."""

from gatewright.paint import Style
from gatewright.smoke.result import Status

STYLES = {
    Status.PASSED: Style.OK,
    Status.FLAKY: Style.WARNING,
    Status.FAILED: Style.ERROR,
    Status.ERROR: Style.ERROR,
    Status.SKIPPED: Style.DIM,
}
