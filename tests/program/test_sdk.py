"""The provider's package is imported in parts, and behaves as the whole."""

import json
import subprocess
import sys

LOOK = """
import json, sys
from gatewright import program
def modules():
    return sum(name.startswith("pulumi_cloudflare.") for name in sys.modules)
none = modules()
from gatewright.program import registration
import pulumi_cloudflare as cloudflare
few = modules()
found = [cloudflare.AiGateway.__name__, cloudflare.WorkersScriptBindingArgs.__name__]
found.append(cloudflare.get_zone.__name__)
part = modules()
found.append(cloudflare.ZoneArgs.__name__)
whole = modules()
try:
    cloudflare.NoSuchThing
except AttributeError as error:
    found.append("no such thing")
print(json.dumps([none, few, part, whole, found]))
"""


def test_only_what_is_used_is_imported_and_the_rest_when_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    none, few, part, whole, found = json.loads(done.stdout)
    assert none == 0, "a mistake in a spec is told before that is imported"
    assert 0 < few < 20
    assert part < 25
    assert whole > 200, "an attribute that no module has its name from loads the whole package"
    assert found == [
        "AiGateway",
        "WorkersScriptBindingArgs",
        "get_zone",
        "ZoneArgs",
        "no such thing",
    ]


def test_a_program_that_imported_the_package_first_keeps_it() -> None:
    code = (
        "import pulumi_cloudflare as before\n"
        "from gatewright import program\n"
        "import pulumi_cloudflare as after\n"
        "assert before is after and before.Zone"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
