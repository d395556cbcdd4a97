"""`gatewright init` as it is typed: what it writes, and what it refuses."""

import errno
import json
import os
import pty
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.folders import texts
from support.project import ROOT, Done, Project, environment_of

from gatewright import __version__
from gatewright.errors import CouldNotRunError
from gatewright.scaffold.tree import File
from gatewright.scaffold.writing import write


def loaded(text: str) -> Any:
    """As libyaml reads it: the parser in Python stumbles over `Cloudflare?}`."""
    return yaml.load(text, yaml.CSafeLoader)


def init(folder: Path, *arguments: str) -> Done:
    folder.mkdir(parents=True, exist_ok=True)
    return Project(folder).gatewright("init", *arguments)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def test_a_new_project_validates_is_in_form_and_has_its_stack(tmp_path: Path) -> None:
    done = init(tmp_path, "--yes")
    assert done.code == 0, done.text
    project = Project(tmp_path)
    assert project.gatewright("validate").text == "3 files, no findings\n"
    assert project.gatewright("fmt", "--check").code == 0
    assert project.gatewright("stacks").out == "prod\n"
    assert not (tmp_path / ".github").exists()


def test_every_answer_ends_where_it_belongs(tmp_path: Path) -> None:
    account = "0" * 31 + "1"
    done = init(
        tmp_path,
        *("--name", "Shop.1", "--gateway", "123", "--model", "@hf/a/b-1", "--stack", "live"),
        *("--account", account, "--requirement", "./gatewright.whl[local]"),
    )
    assert done.code == 0, done.text
    made = texts(tmp_path)
    assert loaded(made["Pulumi.yaml"])["name"] == "Shop.1"
    assert loaded(made["Pulumi.live.yaml"]) == {"config": {"gatewright:accountId": account}}
    gateway = loaded(made["gateways/123.yaml"])
    assert gateway["id"] == "123"
    assert gateway["endpoints"]["ask"]["model"] == "@hf/a/b-1"
    token = loaded(made["gateways/tokens/smoke.yaml"])
    assert token["name"] == "Shop.1 smoke"
    assert timedelta(days=364) <= token["expires"] - datetime.now(UTC).date()
    assert made["requirements.txt"].splitlines()[-1] == "./gatewright.whl[local]"
    assert Project(tmp_path).gatewright("validate").code == 0


def test_program_launcher_and_runtime_are_those_of_this_repository(tmp_path: Path) -> None:
    """Both have the same `__main__.py`; so that they cannot drift, init copies it."""
    init(tmp_path, "--yes")
    for name in ("__main__.py", "plugin/pulumi-resource-gatewright"):
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()
    mode = (tmp_path / "plugin" / "pulumi-resource-gatewright").stat().st_mode
    assert mode & stat.S_IXUSR
    new, own = (loaded((each / "Pulumi.yaml").read_text()) for each in (tmp_path, ROOT))
    # Only a project of that name may have settings of the namespace `gatewright`.
    del own["config"]
    assert new == own | {"name": new["name"]}


def test_the_schemas_and_their_addresses_are_those_of_schema_and_fmt(tmp_path: Path) -> None:
    init(tmp_path, "--yes")
    done = Project(tmp_path).gatewright("schema", "--write", "again")
    assert done.code == 0
    shipped = texts(tmp_path / "again")
    shipped.pop("smoke-report.schema.json")
    assert texts(tmp_path / "schemas") == shipped
    for path in (tmp_path / "gateways").rglob("*.yaml"):
        first = path.read_text().splitlines()[0]
        assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).is_file()


def test_editor_settings_name_schemas_that_are_there(tmp_path: Path) -> None:
    init(tmp_path, "--yes")
    settings = json.loads((tmp_path / ".vscode" / "settings.json").read_text())
    assert settings["yaml.schemas"]
    assert [name for name in settings["yaml.schemas"] if not (tmp_path / name).is_file()] == []


def test_files_in_the_way_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "gateways").mkdir()
    (tmp_path / "gateways" / "assistant.yaml").write_text("mine")
    (tmp_path / "Pulumi.yaml").symlink_to("nowhere")
    (tmp_path / "plugin").write_text("a file")
    before = sorted(tmp_path.rglob("*"))
    done = init(tmp_path, "--yes")
    assert done.code == 5
    assert done.err == (
        "error: already there, and nothing was written:\n"
        "  Pulumi.yaml\n"
        "  gateways/assistant.yaml\n"
        "  plugin\n"
        "hint: move them away, or choose another folder\n"
    )
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "gateways" / "assistant.yaml").read_text() == "mine"


def test_other_files_are_left_alone_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    assert init(tmp_path, "--yes").code == 0
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    again = init(tmp_path, "--yes")
    assert again.code == 0
    assert "wrote 0 files; 26 were there already" in again.err
    assert {
        path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()
    } == before
    assert init(tmp_path, "--yes", "--name", "other").code == 5


def test_what_comes_next_makes_no_repository_within_another(tmp_path: Path) -> None:
    assert "\n  git init && git add ." in init(tmp_path / "alone", "--yes").err
    git(tmp_path, "init", "--quiet")
    assert "\n  git add ." in init(tmp_path / "within", "--yes").err


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """In /proc not even root makes a folder."""
    done = Project(tmp_path).gatewright("init", "/proc/shop", "--yes")
    assert done.code == 8
    assert "cannot write `/proc/shop`" in done.err
    assert "nothing was left" in done.err
    good, bad = (File(folder / "a" / "b", b"x") for folder in (tmp_path, Path("/proc")))
    with pytest.raises(CouldNotRunError):
        write([good, bad])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("flag", "value", "must"),
    [
        ("--gateway", "Support", "must be lower-case letters, digits"),
        ("--gateway", "defaults", "must be lower-case letters, digits"),
        ("--gateway", "a" * 65, "at most 64"),
        ("--name", "a/b", "must be letters, digits"),
        ("--name", "$(x)", "must be letters, digits"),
        ("--model", "gpt-4o", "`@cf/vendor/name`"),
        ("--stack", "local", "not `local`"),
        ("--account", "12", "32 hexadecimal digits"),
        ("--branch", "a b", "must be letters, digits"),
        ("--requirement", "--pre", "no option"),
        ("--requirement", "a\nb", "one line"),
    ],
)
def test_an_answer_that_cannot_be_is_told_and_nothing_is_written(
    tmp_path: Path, flag: str, value: str, must: str
) -> None:
    done = init(tmp_path, "--yes", flag, value)
    assert done.code == 2
    assert must in done.err
    assert f"hint: `{flag}` gives another" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_its_own_is_made_and_the_next_steps_work_there(tmp_path: Path) -> None:
    done = init(tmp_path, "a shop", "--yes")
    assert done.code == 0
    assert loaded((tmp_path / "a shop" / "Pulumi.yaml").read_text())["name"] == "a-shop"
    assert "  cd 'a shop'\n" in done.err
    assert Project(tmp_path / "a shop").gatewright("validate").code == 0


def test_workflows_go_to_the_repository_and_know_the_projects_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "trunk")
    for name in ("acme", "bolt"):
        done = init(tmp_path, f"accounts/{name}", "--yes", "--ci", "github")
        assert done.code == 0, done.text
    workflows = texts(tmp_path / ".github")
    assert {name.partition("-")[0] for name in workflows} == {
        f"{kind}/{name}" for kind in ("actions", "workflows") for name in ("acme", "bolt")
    }
    assert 'working-directory: "accounts/bolt"' in workflows["workflows/bolt-review.yml"]
    assert 'branches: ["trunk"]' in workflows["workflows/bolt-deploy.yml"]
    assert not (tmp_path / "accounts" / "bolt" / ".github").exists()


def test_several_projects_get_one_set_of_workflows(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "trunk")
    for name in ("acme", "bolt"):
        assert init(tmp_path, f"accounts/{name}", "--yes").code == 0
    done = init(tmp_path, "--name", "all", "--ci", "github", "--requirement", "gatewright[local]")
    assert (done.code, done.err.splitlines()[0]) == (0, "wrote 7 files: workflows for 2 projects")
    assert not (tmp_path / "gateways").exists()
    assert (tmp_path / "requirements.txt").read_text().endswith("\ngatewright[local]\n")
    workflows = texts(tmp_path / ".github")
    assert {name.partition("-")[0] for name in workflows} == {"actions/all", "workflows/all"}
    deploy = workflows["workflows/all-deploy.yml"]
    assert "gatewright stacks --json" in deploy
    assert 'working-directory: "./${{ matrix.project }}"' in deploy
    assert 'branches: ["trunk"]' in deploy


def test_what_is_at_the_root_already_is_left_and_may_differ(tmp_path: Path) -> None:
    assert init(tmp_path, "accounts/acme", "--yes").code == 0
    (tmp_path / "requirements.txt").write_text("mine\n")
    for _ in range(2):
        assert init(tmp_path, "--yes", "--ci", "github").code == 0
    assert (tmp_path / "requirements.txt").read_text() == "mine\n"


def test_one_set_for_all_takes_no_answer_that_is_about_one(tmp_path: Path) -> None:
    assert init(tmp_path, "accounts/acme", "--yes").code == 0
    done = init(tmp_path, "--ci", "github", "--gateway", "chat", "--stack", "live")
    assert done.code == 2
    assert "have no use for `--gateway` and `--stack`" in done.err
    assert not (tmp_path / ".github").exists()


def test_a_folder_that_workflows_cannot_name_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    done = init(tmp_path, "a shop", "--yes", "--ci", "github")
    assert done.code == 2
    assert "workflows cannot name the folder `a shop`" in done.err
    assert not (tmp_path / "a shop").exists()


class Terminal:
    """A person at a terminal: waits for each question, then types an answer."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.own, other = pty.openpty()
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gatewright", "init", *arguments],
            cwd=folder,
            env=environment_of(),
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
        )
        os.close(other)

    def answer(self, question: str, text: str) -> None:
        while question not in self.said and self._read():
            pass
        before, found, self.said = self.said.partition(question)
        assert found, before
        os.write(self.own, f"{text}\n".encode())

    def end(self) -> int:
        while self._read():
            pass
        os.close(self.own)
        return self.process.wait(60)

    def _read(self) -> bool:
        try:
            more = os.read(self.own, 4096)
        except OSError as error:  # Linux says so when the other end is closed
            if error.errno != errno.EIO:
                raise
            return False
        self.said += more.decode()
        return bool(more)


def test_on_a_terminal_it_asks_for_what_no_flag_says_and_asks_again(tmp_path: Path) -> None:
    person = Terminal(tmp_path, "--model", "@cf/a/b")
    person.answer("Name of the project [", "shop")
    person.answer("Id of the gateway [assistant]: ", "My Gateway")
    person.answer("must be lower-case letters", "")
    person.answer("Id of the account, if known: ", "")
    person.answer("Workflows for GitHub? [y/N]: ", "y")
    assert person.end() == 0, person.said
    made = texts(tmp_path)
    assert loaded(made["Pulumi.yaml"])["name"] == "shop"
    assert loaded(made["gateways/assistant.yaml"])["endpoints"]["ask"]["model"] == "@cf/a/b"
    assert ".github/workflows/shop-review.yml" in made


def test_what_is_installed_from_a_file_is_told_to_need_an_index(tmp_path: Path) -> None:
    done = init(tmp_path, "--yes")
    assert (
        (tmp_path / "requirements.txt")
        .read_text()
        .endswith(f"\ngatewright[local]=={__version__}\n")
    )
    assert "note: gatewright was installed from a file here" in done.err
    told = init(tmp_path / "other", "--yes", "--requirement", "gatewright[local]==1")
    assert "note:" not in told.err
