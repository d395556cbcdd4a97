"""Files that are no files, and which files a run is about."""

import errno
import os
import socket

import pytest

from gatewright import spec
from gatewright.errors import UsageError
from gatewright.paint import plain

SOUND = "id: sound\nauthentication: true\n"


def only_finding(loaded):
    (found,) = loaded.findings
    return found


def check_refused(project, rule, words):
    """One finding about bad.yaml, and sound.yaml still checked."""
    loaded = project({"sound.yaml": SOUND})
    found = only_finding(loaded)
    assert (found.location.file, found.rule) == ("gateways/bad.yaml", rule)
    assert words in found.message
    assert len(loaded.files) == 2
    assert loaded.deployment is None
    only_sound = project({}, only=[project.root / "gateways" / "sound.yaml"])
    assert [gateway.id for gateway in only_sound.deployment.gateways] == ["sound"]


@pytest.fixture
def bad(project):
    folder = project.root / "gateways"
    folder.mkdir()
    return folder / "bad.yaml"


def test_a_folder(project, bad):
    bad.mkdir()
    check_refused(project, "file-unreadable", "a folder")


def test_a_named_pipe_is_not_waited_for(project, bad):
    os.mkfifo(bad)
    check_refused(project, "file-unreadable", "a device or pipe")


def test_a_socket(project, bad, monkeypatch):
    monkeypatch.chdir(bad.parent)  # names of sockets are short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(bad.name)
        check_refused(project, "file-unreadable", "cannot be read")


def test_a_device(project, bad):
    bad.symlink_to("/dev/zero")
    check_refused(project, "file-unreadable", "a device or pipe")


def test_a_symbolic_link_to_itself(project, bad):
    bad.symlink_to(bad.name)
    check_refused(project, "file-unreadable", "too many levels of symbolic links")


def test_a_symbolic_link_to_nothing(project, bad):
    bad.symlink_to("nowhere")
    check_refused(project, "file-unreadable", "no such file")


def test_a_file_one_may_not_read(project, bad, monkeypatch):
    bad.write_text(SOUND)
    real_open = os.open

    def refuse(path, *arguments, **options):
        # The rights on disk would not stop root.
        if path == str(bad):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_open(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    check_refused(project, "file-unreadable", "permission denied")


def test_a_huge_file_is_read_no_further_than_the_bound(project, bad):
    with bad.open("wb") as opened:
        opened.truncate(100 * 1024 * 1024 * 1024)  # sparse
    check_refused(project, "file-too-large", "larger than 1024 KiB")


@pytest.mark.parametrize("line", ["k{}: 1\n", "? [{}]\n: 1\n", "k{}: yes\n", "a: {}\n"])
def test_no_more_findings_of_one_file_than_anybody_reads(project, line):
    lines = "".join(line.format(number) for number in range(200))
    found = project({"sound.yaml": SOUND, "bad.yaml": lines}).findings
    assert {each.location.file for each in found} == {"gateways/bad.yaml"}
    assert len(found) == 101
    assert [each.rule for each in found].count("too-many-findings") == 1


def test_a_folder_one_may_not_list(project, monkeypatch):
    project({"sound.yaml": SOUND, "tokens/a.yaml": "name: a\npermissions: [x]\n"})
    tokens = project.root / "gateways" / "tokens"
    real_scandir, real_listdir = os.scandir, os.listdir

    def refusing(real):
        def refuse(path):
            if os.fspath(path) == os.fspath(tokens):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path)

        return refuse

    monkeypatch.setattr(os, "scandir", refusing(real_scandir))
    monkeypatch.setattr(os, "listdir", refusing(real_listdir))
    found = only_finding(spec.load(project.root))
    assert (found.location.file, found.rule) == ("gateways/tokens", "file-unreadable")


def test_a_name_that_is_not_utf8_can_be_printed(project):
    project({"sound.yaml": SOUND})
    path = os.fsencode(project.root / "gateways") + b"/\xff.txt"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    report = spec.report.text(spec.load(project.root), plain)
    assert report.encode("utf-8").startswith(b"gateways/\\udcff.txt:1:1: warning unexpected-file:")


def test_no_gateways_folder(tmp_path):
    with pytest.raises(UsageError, match="no folder `gateways`") as caught:
        spec.load(tmp_path)
    assert caught.value.hint


def test_gateways_is_a_file(tmp_path):
    (tmp_path / "gateways").touch()
    with pytest.raises(UsageError, match="no folder `gateways`"):
        spec.load(tmp_path)


FILES = {
    "a.yaml": "id: a\n",
    "b.yaml": "id: b\nauthentication: true\ncache: answers\n",
    "cache-policies/answers.yaml": "name: answers\nttl: 1h\n",
    "tokens/t.yaml": "name: t\n",
}


@pytest.mark.parametrize(
    ("chosen", "files", "wrong"),
    [
        (["gateways/a.yaml"], 1, {"gateways/a.yaml"}),
        (["gateways/b.yaml"], 1, set()),
        (["gateways/tokens"], 1, {"gateways/tokens/t.yaml"}),
        (["gateways/tokens", "gateways/a.yaml"], 2, {"gateways/tokens/t.yaml", "gateways/a.yaml"}),
        (["gateways"], 4, {"gateways/tokens/t.yaml", "gateways/a.yaml"}),
        (["."], 4, {"gateways/tokens/t.yaml", "gateways/a.yaml"}),
    ],
)
def test_only_some_files(project, chosen, files, wrong):
    loaded = project(FILES, only=[project.root / path for path in chosen])
    assert len(loaded.files) == files
    assert {found.location.file for found in loaded.findings} == wrong
    assert (loaded.deployment is None) == bool(wrong)


def test_only_takes_paths_as_seen_from_the_current_folder(project, monkeypatch):
    project(FILES)
    monkeypatch.chdir(project.root / "gateways" / "tokens")
    loaded = spec.check(project.root, only=[type(project.root)("../b.yaml")])
    assert (len(loaded.files), loaded.findings) == (1, ())
    (gateway,) = loaded.deployment.gateways
    assert gateway.cache.name == "answers"


@pytest.mark.parametrize("path", ["gateways/c.yaml", "gateways/a", "elsewhere", ".."])
def test_only_a_file_that_is_no_spec(project, path):
    with pytest.raises(UsageError, match="is no spec of this project"):
        project(FILES, only=[project.root / path])


def test_a_gateway_whose_policy_is_unsound_is_left_out_of_a_partial_deployment(project):
    files = FILES | {"cache-policies/answers.yaml": "name: answers\nttl: 1\n"}
    loaded = project(files, only=[project.root / "gateways" / "b.yaml"])
    assert loaded.findings == ()
    assert loaded.deployment.gateways == ()
