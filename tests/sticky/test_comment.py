"""`gatewright comment` against a GitHub on loopback."""

import pytest
from support.github import COMMIT, TOKEN, serving
from support.project import Project

MARK = "<!-- gatewright: shop -->"
RUN = "https://github.example/runs/1"
HEAD = ("--head", "fork:change", "--commit", COMMIT)


@pytest.fixture
def site():
    with serving() as started:
        yield started


@pytest.fixture
def github(site):
    return site[0]


@pytest.fixture
def comment(site, tmp_path):
    def run(*arguments, **environment):
        return Project(tmp_path).gatewright(
            "comment",
            "reports",
            "--name",
            "shop",
            "--run",
            RUN,
            *arguments,
            **site[1] | environment,
        )

    return run


@pytest.fixture
def report(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()

    def write(text, name="1-review.md"):
        (folder / name).write_text(text, encoding="utf-8")

    return write


def test_it_is_made_once_and_edited_from_then_on(github, comment, report):
    report("### Review\n")
    report("### Rehearsal\n", "2-rehearse-prod.md")
    first = comment(*HEAD)
    assert first.code == 0, first.text
    assert first.out == "https://github.example/pull/7#100\n"
    report("### Another review\n")
    second = comment(*HEAD)
    assert second.out == first.out
    (made,) = github.comments
    head = f"{MARK}\nCommit {COMMIT[:12]}, [this run]({RUN}): success.\n\n"
    assert github.written == [
        ("POST", head + "### Review\n\n### Rehearsal\n"),
        ("PATCH", head + "### Another review\n\n### Rehearsal\n"),
    ]
    assert made["body"] == github.written[-1][1]


def test_only_our_own_comment_is_edited(github, comment, report):
    """Whoever wrote it could change it again, under our name."""
    for text, author in (
        (f"{MARK}\nforged", "mallory"),
        (f"quoted:\n{MARK}", None),
        ("hello", None),
    ):
        github.add(text, **({"author": author} if author else {}))
    github.add("<!-- gatewright: other -->")
    before = [dict(each) for each in github.comments]
    report("new")
    assert comment(*HEAD).code == 0
    assert github.comments[:-1] == before
    assert github.written[0][0] == "POST"


def test_it_is_found_among_many(github, comment, report):
    for number in range(250):
        github.add(f"{MARK}\nold" if number == 230 else "talk")
    report("new")
    assert comment("--pull-request", "7").code == 0
    assert [method for method, _ in github.written] == ["PATCH"]
    assert github.comments[230]["body"].endswith("new\n")


@pytest.mark.parametrize("label", ["other:change", "fork:other"])
def test_a_head_that_no_open_pull_request_has_gets_none(github, comment, report, label):
    report("new")
    done = comment("--head", label, "--commit", COMMIT)
    assert (done.code, github.written) == (0, [])
    assert "no open pull request" in done.err


def test_a_run_that_a_newer_commit_overtook_says_nothing(github, comment, report):
    report("old")
    done = comment("--head", "fork:change", "--commit", "f" * 40)
    assert (done.code, github.written) == (0, [])


def test_one_branch_into_two_others_must_be_told_apart(github, comment, report):
    github.pulls.append({**github.pulls[0], "number": 8})
    report("new")
    done = comment(*HEAD)
    assert done.code == 2
    assert "`--pull-request N` says which is meant" in done.err


def test_a_change_of_what_writes_the_reports_is_warned_of_above_them(github, comment, report):
    names = [".github/workflows/shop-review.yml", "infra/__main__.py", "requirements.txt"]
    github.files += [{"filename": name} for name in (*names, "docs/page.md", "gateways/a.yaml")]
    github.files.append({"filename": "docs/x", "previous_filename": "plugin/x`y"})
    report("### No risk\n```")
    assert comment(*HEAD).code == 0
    text = github.comments[0]["body"]
    warned = (
        "`.github/workflows/shop-review.yml`, `infra/__main__.py`, ``plugin/x`y``, "
        "`requirements.txt`"
    )
    assert f"The reports below come from code that this changes: {warned}\n" in text
    assert text.index("WARNING") < text.index("No risk")
    github.files[:] = [{"filename": "gateways/a.yaml"}]
    assert comment(*HEAD).code == 0
    assert "WARNING" not in github.comments[0]["body"]


def test_what_reorders_or_hides_text_is_left_out(github, comment, report):
    report("a\u202ebc\x1b[31md\x00\re\n\tf")
    assert comment(*HEAD).code == 0
    assert github.comments[0]["body"].endswith("\n\nabc[31mde\n\tf\n")


def test_long_reports_are_cut_at_a_line_and_say_so_first(github, comment, report):
    report("one line\n" * 20_000)
    report("ÿ" * 300_000, "2-rehearse-prod.md")
    assert comment(*HEAD).code == 0
    text = github.comments[0]["body"]
    assert text.index("the summary of the run has all") < text.index("one line")
    assert 20_000 < len(text) < 60_000
    assert set(text.split("one line\n", 1)[1].splitlines()) == {"one line", ""}


def test_a_link_out_of_the_folder_is_not_followed(github, comment, report, tmp_path):
    (tmp_path / "secret").write_text("a secret")
    report("new")
    (tmp_path / "reports" / "0-link.md").symlink_to(tmp_path / "secret")
    (tmp_path / "reports" / "0-folder.md").mkdir()
    assert comment(*HEAD).code == 0
    assert "a secret" not in github.comments[0]["body"]


def test_without_a_report_a_comment_is_edited_and_none_is_made(github, comment, tmp_path):
    done = comment(*HEAD)
    assert (done.code, github.written) == (0, [])
    assert "there is no report" in done.err
    github.add(f"{MARK}\nold")
    comment(*HEAD)
    assert github.comments[0]["body"].endswith("success. Nothing that is deployed changes.\n")
    comment(*HEAD, "--conclusion", "failure")
    assert github.comments[0]["body"].endswith("failure. It left no report.\n")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((403, {"message": "Resource not accessible"}), (4, "Resource not accessible")),
        ((404, {"message": "Not Found"}), (8, "answered 404: Not Found")),
        ((502, "<html>"), (8, "no usable answer")),
        ((500, []), (8, "answered 500: no message")),
    ],
)
def test_a_refusal_is_told_and_the_token_is_not(github, comment, report, answer, expected):
    github.refuses = answer
    report("new")
    done = comment(*HEAD)
    code, said = expected
    assert done.code == code
    assert said in done.err
    assert TOKEN not in done.text


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ((), {}, "one of `--pull-request` and `--head`"),
        ((*HEAD, "--pull-request", "7"), {}, "one of `--pull-request` and `--head`"),
        (HEAD[:2], {}, "`--head` needs `--commit`"),
        (HEAD, {"GITHUB_TOKEN": ""}, "GITHUB_TOKEN is not set"),
        (HEAD, {"GITHUB_REPOSITORY": ""}, "GITHUB_REPOSITORY is not set"),
    ],
)
def test_what_is_missing_is_told(github, comment, arguments, environment, said):
    done = comment(*arguments, **environment)
    assert (done.code, github.written) == (2, [])
    assert said in done.err
