"""The forms in which a result can be written to a file."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatewright.redaction import Redactor
    from gatewright.report_file import ReportFile
    from gatewright.smoke.result import Result

#: The module of each, and the function in it.
_HOMES = {
    "json": ("as_json", "as_json"),
    "junit": ("junit", "junit"),
    "markdown": ("markdown", "markdown"),
    "prometheus": ("prometheus", "prometheus"),
    "html": ("html.page", "html"),
}

FORMATS = tuple(_HOMES)


def render(form: str, result: "Result") -> str:
    """``result`` in one of ``FORMATS``."""
    written: Callable[[Result], str] = getattr(import_module(module_of(form)), _HOMES[form][1])
    return written(result)


def write(file: "ReportFile", result: "Result", redactor: "Redactor") -> None:
    """Write ``result`` without what ``redactor`` knows; raises `CouldNotRunError`."""
    file.write_text(redactor.text(render(file.format, result)))


def module_of(form: str) -> str:
    """The module that writes one of ``FORMATS``."""
    return f"{__package__}.{_HOMES[form][0]}"
