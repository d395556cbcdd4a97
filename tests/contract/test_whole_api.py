"""Nothing that Cloudflare's SDK can ask of AI Gateway or of tokens is unknown to the emulator."""

import re
from pathlib import Path

import cloudflare
import httpx
import pytest
from contract.account import Account

from gatewright.emulator.fidelity.tables import BEYOND_SDK

pytestmark = [
    pytest.mark.contract,
    pytest.mark.emulator_only("the emulator's own document is looked at"),
]

RESOURCES = Path(cloudflare.__file__).with_name("resources")
#: Folders of the SDK whose operations must all be there, and how many each has.
PARTS = {"ai_gateway": 50, "accounts/tokens": 8, "user/tokens": 8}
CALL = re.compile(
    r'self\._(get|get_api_list|post|put|patch|delete)\(\s*(?:path_template\(\s*)?"(/[^"]+)"'
)


def shape(path: str) -> str:
    """A path in which it does not matter how its parameters are called."""
    return re.sub(r"{\w+}", "{}", path)


def operations(part: str) -> set[tuple[str, str]]:
    texts = [file.read_text() for file in (RESOURCES / part).rglob("*.py")]
    found = [match for text in texts for match in CALL.findall(text)]
    return {(method.replace("_api_list", ""), shape(path)) for method, path in found}


@pytest.fixture(scope="module")
def known(account: Account) -> set[tuple[str, str]]:
    """Method and path of all that the emulator describes of the account API."""
    document = httpx.get(f"http://127.0.0.1:{account.port}/_emulator/openapi.json").json()
    return {
        (method, shape(path.removeprefix("/client/v4")))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/client/v4") and operation["tags"] != ["Models"]
    }


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.proves("tables.endpoints")
def test_all_that_the_sdk_asks_for_is_answered(known: set[tuple[str, str]], part: str):
    asked = operations(part)
    assert len(asked) == PARTS[part]
    assert sorted(asked - known) == []


@pytest.mark.proves("tables.endpoints")
def test_what_the_sdk_does_not_have_is_declared(known: set[tuple[str, str]]):
    theirs = {one for part in (*PARTS, "workers") for one in operations(part)}
    ours = {f"{method.upper()} {path}" for method, path in known - theirs}
    assert ours == {shape(name) for name in BEYOND_SDK}
