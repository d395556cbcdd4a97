import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.engine import exports
from gatewright.errors import UsageError

SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize("shell", SHELLS)
@given(value=VALUES, other=VALUES)
def test_every_value_survives_the_shell(shell, value, other):
    text = exports({"X": value, "Y_2": other}, shell)
    done = subprocess.run(
        [shell, "-c", 'eval "$1"; printf "%s\\0%s" "$X" "$Y_2"', shell, text],
        capture_output=True,
        check=True,
        env={},
    )
    assert done.stdout.decode().split("\0") == [value, other]
    assert done.stderr == b""


def test_children_see_the_variables():
    text = exports({"X": "it's"}, "sh")
    assert text == "export X='it'\\''s'\n"
    script = f"{text}sh -c 'printf %s \"$X\"'"
    assert subprocess.run(["sh", "-c", script], capture_output=True, check=True).stdout == b"it's"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PULUMI_CONFIG_PASSPHRASE", "v4lue"),
        ("PULUMI_ACCESS_TOKEN", "v4lue"),
        ("CLOUDFLARE_API_TOKEN", "v4lue"),
        ("GATEWRIGHT_TOKEN", "v4lue"),
        ("CLOUDFLARE_API_KEY", "v4lue"),
        ("AWS_SECRET_ACCESS_KEY", "v4lue"),
        ("PGPASSWORD", "v4lue"),
        ("PULUMI_BACKEND_URL", "postgres://user:v4lue@db.example/state"),
    ],
)
def test_a_secret_is_named_but_not_shown(name, value):
    text = exports({name: value, "X": "1"}, "bash")
    assert text == f"export X='1'\n# {name} is a secret: set it yourself\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PULUMI_CONFIG_PASSPHRASE_FILE", "/state/passphrase"),
        ("PULUMI_BACKEND_URL", "file:///state"),
        ("PATH", "/a:/b@c"),
    ],
)
def test_what_is_no_secret_is_shown(name, value):
    assert exports({name: value}, "sh") == f"export {name}='{value}'\n"


@pytest.mark.parametrize("shell", ["zsh", "/usr/local/bin/bash", "-dash"])
def test_shells_by_name_path_and_as_log_in_shells(shell):
    assert exports({"X": "1"}, shell) == "export X='1'\n"


@pytest.mark.parametrize("shell", ["fish", "/usr/bin/nu", "powershell.exe", ""])
def test_another_shell_is_a_wrong_usage(shell):
    with pytest.raises(UsageError, match="cannot write exports for the shell") as caught:
        exports({"X": "1"}, shell)
    assert "zsh" in caught.value.hint


@pytest.mark.parametrize("name", ["A B", "1A", "A;true", "", "É", "BASH_FUNC_x%%", "A\n"])
def test_a_name_that_no_shell_takes_is_refused(name):
    with pytest.raises(UsageError, match="no shell can export"):
        exports({name: "1"}, "sh")
