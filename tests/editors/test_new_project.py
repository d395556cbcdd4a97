"""What `gatewright init` writes for editors, as the real language server understands it."""

import json

import pytest
from support.language_server import LanguageServer, required
from support.project import Project

from gatewright.spec import schema
from gatewright.spec.files import KINDS


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    assert Project(folder).gatewright("init", "--yes").code == 0
    return folder


@pytest.fixture(scope="module")
def server(project):
    required()
    written = json.loads((project / ".vscode" / "settings.json").read_text())
    with LanguageServer(project, {"schemas": written["yaml.schemas"]}) as running:
        yield running


def test_its_specs_have_no_diagnostics(server, project):
    for path in (project / "gateways").rglob("*.yaml"):
        uri = server.open(path.relative_to(project).as_posix(), path.read_text("utf-8"))
        assert server.diagnostics(uri) == []


def test_a_misspelt_key_in_them_is_underlined(server, project):
    text = (project / "gateways" / "assistant.yaml").read_text("utf-8")
    uri = server.open("gateways/assistant.yaml", text.replace("authentication:", "autentication:"))
    said = {each["message"] for each in server.diagnostics(uri)}
    assert "Property autentication is not allowed." in said


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_a_new_file_is_completed_by_its_place_alone(server, kind):
    """Before `gatewright fmt` writes its first line. One more: all that must be there."""
    offered = set(server.completion(server.open(f"{kind.folder}/new.yaml", ""), 0, 0))
    assert offered == {*schema(kind.schema)["properties"], kind.noun}


def test_what_files_share_is_completed_without_a_key(server):
    uri = server.open("gateways/tokens/defaults.yaml", "", is_numbered=False)
    offered = server.completion(uri, 0, 0)
    assert "permissions" in offered
    assert "name" not in offered
