"""Nothing that Cloudflare's SDK can ask of AI Gateway or of tokens is unknown to the emulator."""

import re
from pathlib import Path

import cloudflare
import httpx
import pytest
from contract.account import Account

pytestmark = [
    pytest.mark.contract,
    pytest.mark.emulator_only("the emulator's own document is looked at"),
]

RESOURCES = Path(cloudflare.__file__).with_name("resources")
#: Folders and files of the SDK, and how many operations each has.
PARTS = {"ai_gateway": 50, "accounts/tokens": 8, "user/tokens": 8}
CALL = re.compile(
    r'return self\._(get|get_api_list|post|put|patch|delete)\(\s*(?:path_template\(\s*)?"(/[^"]+)"'
)


def shape(path: str) -> str:
    """A path in which it does not matter how its parameters are called."""
    return re.sub(r"{\w+}", "{}", path)


def operations(part: str) -> set[tuple[str, str]]:
    texts = [file.read_text() for file in (RESOURCES / part).rglob("*.py")]
    found = [match for text in texts for match in CALL.findall(text)]
    return {(method.replace("_api_list", ""), shape(path)) for method, path in found}


@pytest.mark.parametrize("part", PARTS)
def test_all_that_the_sdk_asks_for_is_answered(account: Account, part: str):
    document = httpx.get(f"http://127.0.0.1:{account.port}/_emulator/openapi.json").json()
    known = {
        (method, shape(path.removeprefix("/client/v4")))
        for path, methods in document["paths"].items()
        for method in methods
    }
    asked = operations(part)
    assert len(asked) == PARTS[part]
    assert sorted(asked - known) == []
