"""Completion, hover and diagnostics of the real yaml-language-server, on our schemas."""

from pathlib import Path

import pytest
from support.language_server import ROOT, LanguageServer, required

from gatewright.spec import schema
from gatewright.spec.files import KINDS

EXAMPLES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("gateways/**/*.yaml"))
SUPPORT = "gateways/support.yaml"
TOKEN = "gateways/tokens/smoke.yaml"
POLICY = "gateways/cache-policies/answers.yaml"
#: Where a text says so, the cursor is.
CURSOR = "¶"


class Opened:
    """An open file: what the editor shows of it, at its cursor if one is meant."""

    def __init__(self, server, name, text):
        before, _, after = text.partition(CURSOR)
        self.place = before.count("\n"), len(before.rpartition("\n")[2])
        self.server = server
        self.uri = server.open(name, before + after)

    @property
    def diagnostics(self):
        return {each["message"]: each["range"] for each in self.server.diagnostics(self.uri)}

    @property
    def offered(self):
        return self.server.completion(self.uri, *self.place)

    @property
    def explanation(self):
        # Markdown escapes what a name may have.
        return self.server.hover(self.uri, *self.place).replace("\\", "")


@pytest.fixture(scope="module")
def server():
    required()
    with LanguageServer() as running:
        yield running


@pytest.fixture
def opened(server):
    return lambda name, text: Opened(server, name, text)


def shipped(name):
    return Path(ROOT, name).read_text("utf-8")


def with_schema(name, text):
    return shipped(name).split("\n")[0] + "\n" + text


def properties(kind="gateway"):
    return schema(kind)["properties"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_have_no_diagnostics(opened, name):
    assert opened(name, shipped(name)).diagnostics == {}


def test_a_misspelt_key_is_underlined(opened):
    text = shipped(SUPPORT).replace("authentication:", "autentication:")
    found = opened(SUPPORT, text).diagnostics
    line = shipped(SUPPORT).split("\n").index("authentication: true")
    assert found["Property autentication is not allowed."] == {
        "start": {"line": line, "character": 0},
        "end": {"line": line, "character": len("autentication")},
    }
    assert 'Missing property "authentication".' in found


def test_a_wrong_form_is_told_in_our_words(opened):
    found = opened(SUPPORT, shipped(SUPPORT).replace("id: support", "id: Support")).diagnostics
    assert list(found) == [properties()["id"]["patternErrorMessage"]]


def test_keys_are_completed_with_their_descriptions(opened):
    offered = opened(SUPPORT, shipped(SUPPORT) + CURSOR).offered
    written = {name for name in properties() if f"\n{name}:" in shipped(SUPPORT)}
    assert set(properties()) - written <= set(offered)
    assert written.isdisjoint(offered)
    assert properties()["byok_only"]["description"] in offered["byok_only"].replace("\\", "")


def test_words_are_completed(opened):
    text = with_schema(SUPPORT, f"id: a\nauthentication: true\nlogs:\n  strategy: {CURSOR}\n")
    assert {"STOP_INSERTING", "DELETE_OLDEST"} <= set(opened(SUPPORT, text).offered)


def test_a_field_is_explained_where_the_cursor_is(opened):
    text = shipped(SUPPORT).replace("authentication:", f"authen{CURSOR}tication:")
    assert properties()["authentication"]["description"] in opened(SUPPORT, text).explanation


def stack(text):
    return with_schema(SUPPORT, f"id: a\nauthentication: true\nstacks:\n  prod:\n{text}\n")


def test_a_stack_is_completed_like_a_file(opened):
    offered = opened(SUPPORT, stack(f"    {CURSOR}")).offered
    assert set(properties()) - {"stacks"} <= set(offered)
    offered = opened(SUPPORT, stack(f"    logs:\n      {CURSOR}")).offered
    assert {"collect", "limit", "strategy"} <= set(offered)


def test_a_stack_needs_only_what_differs(opened):
    text = stack("    rate_limiting: {limit: 5}\n    cache: null")
    assert opened(SUPPORT, text).diagnostics == {}


def test_a_mistake_in_a_stack_is_underlined(opened):
    found = opened(SUPPORT, stack("    rate_limiting: {limits: 5}")).diagnostics
    assert list(found) == ["Property limits is not allowed."]


def test_a_field_in_a_stack_is_explained(opened):
    said = opened(SUPPORT, stack(f"    byok_{CURSOR}only: true")).explanation
    assert properties()["byok_only"]["description"] in said


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_each_kind_is_completed_and_explained(opened, kind):
    """Also those that no example shows."""
    up = "../" * (kind.folder.count("/") + 1)
    line = f"# yaml-language-server: $schema={up}schemas/{kind.schema}.schema.json\n"
    name = f"{kind.folder}/new.yaml"
    assert set(properties(kind.schema)) <= set(opened(name, line + CURSOR).offered)
    said = opened(name, f"{line}{kind.key}{CURSOR}: a\n").explanation
    assert properties(kind.schema)[kind.key]["description"] in said


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_defaults_need_nothing_and_have_no_key(opened, kind):
    up = "../" * (kind.folder.count("/") + 1)
    line = f"# yaml-language-server: $schema={up}schemas/{kind.schema}-defaults.schema.json\n"
    name = f"{kind.folder}/defaults.yaml"
    offered = opened(name, line + CURSOR).offered
    assert set(properties(kind.schema)) - {kind.key} <= set(offered)
    assert kind.key not in offered
    assert opened(name, line + "description: Shared.\n").diagnostics == {}
    found = opened(name, f"{line}{kind.key}: shared\n").diagnostics
    assert list(found) == [f"Property {kind.key} is not allowed."]


def test_permissions_are_completed(opened):
    text = with_schema(TOKEN, f"name: a\npermissions:\n  - {CURSOR}\n")
    assert "AI Gateway Run" in opened(TOKEN, text).offered


def test_a_lifetime_is_explained(opened):
    text = shipped(POLICY).replace("ttl:", f"t{CURSOR}tl:")
    assert properties("cache-policy")["ttl"]["description"] in opened(POLICY, text).explanation
