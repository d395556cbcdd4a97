"""`--quiet` and `--verbose` have one meaning for every verb."""

import io
import sys

import pytest
from support.cloudflare import running_cloudflare
from support.project import Project, make_project

from gatewright.cli import console
from gatewright.local.emulator import ACCOUNT_ID


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path / "project")


def test_quiet_leaves_the_findings_and_takes_the_advice(project: Project):
    project.edit("gateways/support.yaml", "authentication:", "autentication:")
    loud, quiet = project.gatewright("validate"), project.gatewright("validate", "--quiet")
    assert loud.out == quiet.out
    assert "gatewright explain" in loud.err
    assert quiet.err == ""
    assert loud.code == quiet.code == 3


def test_quiet_leaves_errors_with_their_hint(project: Project):
    done = project.gatewright("--quiet", "explain", "unknown-keys")
    assert done.err == "error: there is no rule `unknown-keys`\nhint: did you mean `unknown-key`?\n"


def test_quiet_leaves_the_findings_of_fmt(project: Project):
    (project.path / "gateways" / "support.yaml").write_text("id: [")
    done = project.gatewright("fmt", "-q", "--check")
    assert "gateways/support.yaml" in done.err
    assert "in form" not in done.err


@pytest.mark.parametrize("words", [("-v", "validate"), ("validate", "-v")])
def test_verbose_ends_with_the_exit_code_and_the_time(project: Project, words):
    done = project.gatewright(*words)
    assert done.out == "6 files, no findings\n"
    assert done.err.startswith("exit code 0 (ok) after ")


def test_verbose_shows_each_request_and_no_secret(project: Project):
    with running_cloudflare(project.path) as cloudflare:
        token = cloudflare.emulator.token_file.read_text().strip()
        done = project.gatewright(
            "verify",
            "--verbose",
            CLOUDFLARE_ACCOUNT_ID=ACCOUNT_ID,
            CLOUDFLARE_API_TOKEN=token,
            CLOUDFLARE_BASE_URL=cloudflare.emulator.api_url,
        )
    assert f"GET {cloudflare.emulator.api_url}/accounts/{ACCOUNT_ID}/tokens" in done.err
    assert token not in done.text
    assert "exit code 7 (the account differs from the specs) after" in done.err


def test_version_tells_engine_and_provider(project: Project, tmp_path):
    done = project.gatewright("--version", GATEWRIGHT_HOME=str(tmp_path / "empty"), PATH="/nowhere")
    assert [line.split()[0] for line in done.out.splitlines()] == [
        "gatewright",
        "python",
        "engine",
        "provider",
    ]
    assert "none yet: `gatewright env` gets one" in done.out
    plugin = next(line for line in done.out.splitlines() if line.startswith("provider"))
    version = plugin.split()[2].rstrip(",")
    folder = tmp_path / "pulumi" / "plugins" / f"resource-cloudflare-v{version}"
    folder.mkdir(parents=True)
    done = project.gatewright("--version", PULUMI_HOME=str(tmp_path / "pulumi"))
    assert f"pulumi-cloudflare {version}, its plugin is installed" in done.out


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "is_shown"), [(Terminal, True), (io.StringIO, False)])
def test_long_reading_is_counted_on_a_terminal_only(monkeypatch, stream, is_shown):
    screen = stream()
    monkeypatch.setattr(sys, "stderr", screen)
    assert list(console.counted(range(100), "routes of gateways")) == list(range(100))
    assert ("100/100" in screen.getvalue()) is is_shown


def test_quiet_counts_nothing(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(console.volume, "is_quiet", True)
    assert list(console.counted(range(100), "routes of gateways")) == list(range(100))
    assert screen.getvalue() == ""
