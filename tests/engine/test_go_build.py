from pathlib import Path

import pytest

from gatewright.engine import PINNED, Origin, toolchain
from gatewright.errors import CouldNotRunError, ExitCode


def refused(machine) -> CouldNotRunError:
    with pytest.raises(CouldNotRunError) as caught:
        machine.search()
    assert machine.left() == {}
    return caught.value


def test_a_build_makes_the_engine_its_language_host_and_their_helpers(machine):
    machine.go()
    engine = machine.search()

    assert (engine.version, engine.origin) == (PINNED, Origin.GO_BUILD)
    assert engine.executable.is_relative_to(machine.home)
    made = {file.name: file.stat().st_mode & 0o777 for file in engine.executable.parent.iterdir()}
    assert made == {
        "pulumi": 0o755,
        "pulumi-language-python": 0o755,
        "pulumi-language-python-exec": 0o755,
        "pulumi-resource-pulumi-python": 0o755,
    }
    assert list(machine.left()) == ["engines"]


def test_a_build_says_what_to_expect_and_what_it_took(machine):
    machine.go()
    machine.search()
    expected, took = machine.lines[-3:-1]
    assert expected == (
        f"building `pulumi` {PINNED} from its Go modules with go1.26.8: "
        "about 4 minutes on 2 idle cores, once; needs 5.5 GB of disk meanwhile"
    )
    assert took == "built in 0 s"


def test_go_runs_on_copies_of_the_module_files_with_caches_of_ours(machine):
    machine.go()
    machine.variables = {
        "GOPROXY": "https://proxy.example",
        "GOFLAGS": "-mod=vendor",
        "GOMODCACHE": "/users/own",
        "GOCACHE": "/users/own",
        "GOPATH": "/users/own",
        "GOWORK": "/users/own/go.work",
        "GOOS": "windows",
        "GOARCH": "arm64",
        "GOTOOLCHAIN": "auto",
    }
    machine.search()

    calls = machine.go_calls()
    assert [arguments[0] for arguments, _, _ in calls] == ["build", "build", "list"]
    for arguments, folder, environ in calls:
        assert arguments[1] == "-mod=readonly"
        assert Path(folder).is_relative_to(machine.home / "build")
        for name in ("GOMODCACHE", "GOCACHE", "GOPATH", "GOTMPDIR"):
            assert Path(environ[name]).is_relative_to(machine.home / "build")
        kept = {name: environ[name] for name in ("GOPROXY", "GOFLAGS", "GOTOOLCHAIN")}
        assert kept == {name: machine.variables[name] for name in kept}
        ours = [environ[name] for name in ("GOWORK", "GOOS", "GOARCH", "CGO_ENABLED")]
        assert ours == ["off", "linux", "amd64", "0"]


@pytest.mark.parametrize(("value", "kept"), [("1", ["go-cache"]), ("0", None), ("", None)])
def test_the_build_cache_is_kept_only_if_told(machine, value, kept):
    machine.go()
    machine.variables["GATEWRIGHT_KEEP_BUILD_CACHE"] = value
    machine.search()
    assert machine.left().get("build") == kept


def test_leftovers_of_a_killed_build_are_removed(machine):
    leftover = machine.home / "build" / "go-cache" / "mod"
    leftover.mkdir(parents=True)
    (leftover / "file").touch()
    leftover.chmod(0o555)
    for name in ("scratch", "installed", "built/bin", "modules"):
        (machine.home / "build" / name).mkdir(parents=True)
    machine.go()

    assert machine.search().origin is Origin.GO_BUILD
    assert "File exists" not in machine.said
    assert list(machine.left()) == ["engines"]


def test_without_go_one_error_names_the_three_ways(machine):
    error = refused(machine)
    assert error.exit_code is ExitCode.COULD_NOT_RUN
    assert error.message.splitlines() == [
        "no Pulumi engine could be found or made",
        "  1. `pulumi` on PATH: there is none",
        "  2. Pulumi's official installer: a line of the installer",
        "     no network",
        f"  3. a build from Go modules: `go` ({toolchain.needed()} or newer) is not on PATH",
    ]
    assert "install Pulumi 3.231.0 or newer" in error.hint
    assert f"Go {toolchain.needed()} or newer" in error.hint


def test_a_failed_build_shows_the_end_of_what_go_said(machine):
    said = "\n".join(f"line {number}" for number in range(100))
    address = "https://user:" + "hidden@proxy.example/m"
    machine.go(build=f"sys.exit({said!r} + '\\nGet {address}: refused')")

    message = refused(machine).message

    assert "`go build` for `pulumi` exits with 1:" in message
    assert "line 99" in message
    assert "line 80" not in message
    assert "Get https://…@proxy.example/m: refused" in message
    assert "hidden" not in machine.said + message
    assert "line 99" not in machine.said


def test_a_missing_helper_is_told(machine):
    machine.go(files=["python/cmd/pulumi-language-python-exec"])
    message = refused(machine).message
    assert "pulumi-resource-pulumi-python`: No such file or directory" in message


def test_a_build_of_another_version_is_not_kept(machine):
    machine.go(output="#!/bin/sh\necho 3.1.0\n")
    assert f"it made `pulumi` 3.1.0, not {PINNED}" in refused(machine).message


def test_a_full_disk_is_told_before_the_build(machine):
    machine.go()
    machine.free = 5_440_000_000
    message = refused(machine).message
    assert f"it needs 5.5 GB in `{machine.home}` while it builds, and 5.4 GB are free" in message
    assert machine.go_calls() == []


@pytest.mark.parametrize(
    ("version", "variables", "reason"),
    [
        ("go1.20.14", {}, "is go1.20.14, older than "),
        ("go1.24.1", {"GOTOOLCHAIN": "local"}, "and `GOTOOLCHAIN=local` keeps it from fetching"),
        ("", {}, "version` says: go version"),
    ],
)
def test_a_go_that_cannot_build_it_is_told(machine, version, variables, reason):
    machine.go(version)
    machine.variables = variables
    assert reason in refused(machine).message
    assert machine.go_calls() == []


@pytest.mark.parametrize("version", ["go1.25.11", "go1.26", "go2.0.1", "devel go1.27-abc Mon"])
def test_a_go_that_can(machine, version):
    machine.go(version)
    machine.variables = {"GOTOOLCHAIN": "local"}
    assert machine.search().origin is Origin.GO_BUILD


def test_an_older_go_may_fetch_a_newer_one(machine):
    machine.go("go1.21.0")
    assert machine.search().origin is Origin.GO_BUILD
    assert f"go1.21.0 is older than {toolchain.needed()}: Go fetches a newer one" in machine.said


def test_a_long_build_shows_signs_of_life_and_is_bounded(machine, hanging):
    machine.go(build=hanging.body)

    def fast(line):
        if line.startswith("building"):
            machine.clock.step = 300

    machine.on_line = fast
    message = refused(machine).message

    beats = [line for line in machine.lines if line.startswith("still building the engine: ")]
    assert beats[0].endswith(": 10 min 00 s")
    assert len(beats) > 2
    assert "`go` was stopped: not finished in 45 min 00 s" in message
    assert hanging.gone()
