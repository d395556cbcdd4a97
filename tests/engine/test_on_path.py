import os
from pathlib import Path

import pytest

from gatewright.engine import MINIMUM, PINNED, Origin

HOST = "pulumi-language-python"


def test_an_engine_on_path_is_used_and_nothing_is_kept(machine):
    executable = machine.pulumi("v3.270.1")
    machine.program(HOST)

    engine = machine.search()

    assert engine.executable == executable
    assert (engine.version, engine.origin) == ("3.270.1", Origin.PATH)
    assert engine.path_entries == (machine.bin,)
    assert machine.lines == [f"engine: pulumi 3.270.1, found on PATH, in `{machine.bin}`"]
    assert not machine.home.exists()


def test_asking_for_the_version_leaves_no_log_in_the_users_pulumi_home(machine):
    machine.pulumi()
    machine.program(HOST)
    machine.variables["PULUMI_HOME"] = "/users/own"
    machine.search()

    [used] = machine.pulumi_calls()
    assert used != "/users/own"
    assert not Path(used).exists()


@pytest.mark.parametrize("version", [f"v{MINIMUM}", MINIMUM, "v3.1000.0", "v4.0.0-alpha.1+dirty"])
def test_versions_that_will_do(machine, version):
    machine.pulumi(version)
    machine.program(HOST)
    assert machine.search().origin is Origin.PATH


@pytest.mark.parametrize("version", ["v3.230.9", "v2.900.0", f"v{MINIMUM}-alpha.1"])
def test_an_older_one_is_named_and_passed_over(machine, version):
    executable = machine.pulumi(version)
    machine.program(HOST)
    machine.go()

    assert machine.search().origin is Origin.GO_BUILD
    assert machine.lines[0] == (
        f"cannot use `pulumi` on PATH: `{executable}` is {version[1:]}, older than {MINIMUM}"
    )


def test_one_without_a_language_host_is_named_and_passed_over(machine):
    executable = machine.pulumi()
    machine.go()

    assert machine.search().origin is Origin.GO_BUILD
    assert machine.lines[0] == (
        f"cannot use `pulumi` on PATH: `{executable}` ({PINNED}) "
        f"has no `{HOST}` beside it or on PATH"
    )


def test_a_language_host_elsewhere_on_path_comes_along(machine):
    elsewhere = machine.root / "elsewhere"
    machine.pulumi()
    machine.program(HOST, folder=elsewhere)
    machine.variables["PATH"] = os.pathsep.join(["", str(machine.bin), str(elsewhere)])

    assert machine.search().path_entries == (machine.bin, elsewhere)


def test_a_language_host_beside_the_file_that_a_link_leads_to(machine):
    cellar = machine.root / "cellar"
    machine.program(HOST, folder=cellar)
    (machine.bin / "pulumi").symlink_to(machine.pulumi(folder=cellar))

    assert machine.search().path_entries == (machine.bin, cellar)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys; sys.exit('no version is set for it')", "no version is set for it"),
        ("print('v3.400.0'); raise SystemExit(3)", "v3.400.0"),
        ("print('hello')", "hello"),
        ("", "nothing"),
    ],
)
def test_a_program_that_answers_with_no_version_is_passed_over(machine, body, said):
    machine.program("pulumi", body)
    machine.program(HOST)
    machine.go()

    assert machine.search().origin is Origin.GO_BUILD
    assert machine.lines[0].endswith(f"says: {said}")


def test_a_file_that_does_not_start_is_passed_over(machine):
    (machine.bin / "pulumi").write_text("#!/no/such/interpreter\n")
    (machine.bin / "pulumi").chmod(0o755)
    machine.go()

    assert machine.search().origin is Origin.GO_BUILD
    assert "does not start" in machine.lines[0]


def test_the_kept_engine_is_not_taken_for_one_of_the_users(machine):
    machine.go()
    made = machine.search()
    machine.variables["PATH"] = f"{made.path_entries[0]}{os.pathsep}{machine.bin}"

    assert machine.search() == made
