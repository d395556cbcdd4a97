"""A rehearsal has no secrets: what a stack's settings hold of them is left out or made up."""

import json
from pathlib import Path

import pytest
import yaml
from support.project import make_project

from gatewright import spec
from gatewright.rehearsal import Copy, MadeUp
from gatewright.stack import Stack

SETTINGS = """\
secretsprovider: awskms://alias/deploy
encryptedkey: AAAA
environment: [shared]
config:
  gatewright:accountId: 0123456789abcdef0123456789abcdef
  gatewright:apiUrl: https://api.example.com/client/v4
  gatewright:groqKey: {secure: "v1:abc"}
  cloudflare:apiToken: {secure: "v1:def"}
  own:region: eu
  own:nested: {a: {secure: "v1:ghi"}}
"""


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """A program in Pulumi's place that writes down what it is asked, and does the least."""
    program = tmp_path / "pulumi"
    program.write_text(
        "#!/usr/bin/env python3\n"
        "import json, os, pathlib, sys\n"
        "log = pathlib.Path(os.environ['LOG'])\n"
        "log.write_text(log.read_text() + json.dumps(sys.argv[1:]) + '\\n')\n"
        "path = pathlib.Path('Pulumi.prod.yaml')\n"
        "text = path.read_text()\n"
        "if 'init' in sys.argv:\n"
        "    path.write_text(text + 'encryptionsalt: salt\\n')\n"
        "else:\n"
        "    secret = '  gatewright:groqKey:\\n    secure: v1:new\\n'\n"
        "    path.write_text(text.replace('config:\\n', 'config:\\n' + secret))\n"
    )
    program.chmod(0o755)
    (tmp_path / "log").write_text("")
    return program


def test_both_revisions_get_one_salt_and_the_same_secrets(tmp_path: Path, engine: Path) -> None:
    copies = [Copy(make_project(tmp_path / name).path, name) for name in ("before", "after")]
    drafts = copies[1].project / "gateways" / "drafts.yaml"
    drafts.write_text(
        drafts.read_text()
        + "provider_configs:\n  groq: {provider: groq, secret: {config: groqKey}}\n"
        "  openai: {provider: openai, secret: {env: OPENAI_KEY}}\n"
    )
    for copy in copies:
        (copy.project / "Pulumi.prod.yaml").write_text(SETTINGS)
    deployments = [spec.load(copy.project, stack="prod").deployment for copy in copies]
    assert all(deployments)
    made = MadeUp.of(each for each in deployments if each)
    assert made.environment.keys() == {"OPENAI_KEY"}
    assert made.configuration.keys() == {"groqKey"}
    assert len(set(made.values)) == 2

    environment = {"PATH": "/usr/bin:/bin", "LOG": str(tmp_path / "log")}
    made.configure(Stack(engine, environment, copies[0].project, "prod"), copies)
    asked = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    secret = f"gatewright:groqKey={made.configuration['groqKey']}"
    assert asked == [
        ["stack", "init", "prod", "--no-select", "--non-interactive"],
        ["config", "set-all", "--secret", secret, "--non-interactive"],
    ]
    for copy in copies:
        settings = yaml.safe_load((copy.project / "Pulumi.prod.yaml").read_text())
        assert settings == {
            "config": {"own:region": "eu", "gatewright:groqKey": {"secure": "v1:new"}},
            "encryptionsalt": "salt",
        }
