"""`token rotate`: only the generation changes in the file, wherever and however it is written."""

import pytest

from gatewright import spec
from gatewright.errors import CouldNotRunError, FindingsError, UsageError
from gatewright.spec.layout.project import State, outcomes
from gatewright.spec.rotation import rotate

HEAD = "name: smoke # who\npermissions: [AI Gateway Run]\n"


def token(root, content):
    path = root / "gateways/tokens/smoke.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, HEAD + "generation: 2\n"),
        (HEAD + "# why\ngeneration: 9 # ever\n", HEAD + "# why\ngeneration: 10 # ever\n"),
        ("generation:   1\n\n" + HEAD, "generation:   2\n\n" + HEAD),
        (f"{HEAD}expires: &day 2090-01-01", f"{HEAD}expires: &day 2090-01-01\ngeneration: 2\n"),
        (HEAD.replace("\n", "\r\n"), (HEAD + "generation: 2\n").replace("\n", "\r\n")),
        ("\ufeff" + HEAD, "\ufeff" + HEAD + "generation: 2\n"),
        (
            '{"name": "smoke", "permissions": ["AI Gateway Run"]}\n',
            '{"name": "smoke", "permissions": ["AI Gateway Run"], "generation": 2}\n',
        ),
        (
            "{name: smoke, permissions: [AI Gateway Run], generation: 3,}",
            "{name: smoke, permissions: [AI Gateway Run], generation: 4,}",
        ),
        (
            HEAD + "generation: &n 2\nstacks: {prod: {generation: 5}}\n",
            HEAD + "generation: &n 3\nstacks: {prod: {generation: 5}}\n",
        ),
    ],
)
def test_only_the_generation_changes(tmp_path, before, after):
    path = token(tmp_path, before)
    done = rotate(tmp_path, "smoke")
    assert path.read_bytes().decode() == after
    assert done.stacks == (("prod",) if "prod" in before else ())
    [declared] = spec.load(tmp_path).deployment.tokens
    assert declared.generation == done.after == done.before + 1


def test_a_file_in_form_stays_in_form(tmp_path):
    path = token(tmp_path, HEAD + "expires: 2090-01-01\n\nrequest_ip: {in: [192.0.2.0/24]}\n")
    assert [each.state for each in outcomes(tmp_path)] == [State.SAME]
    rotate(tmp_path, "smoke")
    assert [each.state for each in outcomes(tmp_path)] == [State.SAME], path.read_text()


def test_what_is_shared_counts(tmp_path):
    path = token(tmp_path, HEAD)
    (path.parent / "defaults.yaml").write_text("generation: 4\nexpires: 2090-01-01\n")
    done = rotate(tmp_path, "smoke")
    assert (done.before, done.after, done.expires) == (4, 5, "2090-01-01")
    assert path.read_text() == HEAD + "generation: 5\n"


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (HEAD.replace("smoke", "smoky"), UsageError, "no spec declares a token `smoke`"),
        (HEAD + "generation: two\n", FindingsError, "is no whole number"),
        (HEAD + "name: smoke\n", FindingsError, "no sound YAML"),
        (HEAD + "...\n", CouldNotRunError, "cannot be edited without changing something else"),
    ],
)
def test_what_cannot_be_rotated_stays_as_it_is(tmp_path, content, error, said):
    path = token(tmp_path, content)
    with pytest.raises(error, match=said):
        rotate(tmp_path, "smoke")
    assert path.read_text() == content
