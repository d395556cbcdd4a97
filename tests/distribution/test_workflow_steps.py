"""The steps of the workflows, run as a runner runs them, in clones of a bare repository."""

import json

import pytest
from support.github import COMMIT, serving
from support.project import ROOT
from support.runner import Job, Runner, git

from gatewright import __version__
from gatewright.local import open_session
from gatewright.places import home

GATEWAY = "gateways/assistant.yaml"


@pytest.fixture
def author(machine, tmp_path):
    """A clone with a new project, committed and pushed; `origin` is beside it."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", "origin.git")
    git(tmp_path, "clone", "--quiet", "origin.git", "author")
    folder = tmp_path / "author"
    git(folder, "switch", "--quiet", "--create", "main")
    done = machine.run("gatewright", "init", "--name", "shop", "--ci", "github", cwd=folder)
    assert done.code == 0, done.text
    return push(folder, "main")


@pytest.fixture
def accounts(machine, author):
    """The same clone with two projects in place of one, and one set of workflows for both."""
    git(author, "rm", "-r", "--quiet", ".")
    for name in ("accounts/acme", "accounts/bolt"):
        assert machine.run("gatewright", "init", name, cwd=author).code == 0
    done = machine.run("gatewright", "init", "--name", "all", "--ci", "github", cwd=author)
    assert done.code == 0, done.text
    return push(author, "main")


@pytest.fixture
def runner(author, wheel, dependencies, tmp_path):
    return Runner(tmp_path / "runs", tmp_path / "origin.git", wheel, dependencies)


def push(folder, branch):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", f"Of {branch}")
    git(folder, "push", "--quiet", "origin", branch)
    return folder


def change(author, old, new, *, branch="change", file=GATEWAY):
    """Push an edit of the gateway to a branch; the commit it starts from."""
    before = git(author, "rev-parse", "main")
    if branch != "main":
        git(author, "switch", "--quiet", "--create", branch)
    path = author / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    push(author, branch)
    return before


def pull_request(base):
    repository = {"full_name": "somebody/shop"}
    event = {"pull_request": {"base": {"sha": base}, "head": {"repo": repository}}}
    return {"github": {"event": event, "event_name": "pull_request", "repository": "somebody/shop"}}


def stacks(job):
    return [row["stack"] for row in json.loads(job.outputs["stacks"])["include"]]


def test_a_change_is_validated_reviewed_and_commented_on_once(author, runner):
    base = change(author, "limit: 600", "limit: 300")
    event = pull_request(base)
    runner.job("shop-validate", "specs", ref="change", **event).passed()
    runner.job("shop-validate", "code-scanning", ref="change", **event).passed()
    assert [log["version"] for log in runner.uploaded] == ["2.1.0"]
    review = runner.job("shop-review", "review", ref="change", **event).passed()
    assert "assistant" in review.summary
    assert stacks(review) == ["prod"]
    results = {"results": ["success", "success", "success"]}
    runner.job("shop-review", "all", ref="change", needs=results).passed()

    with serving() as (github, environment):
        # A step has the token by `env`; the rest is every step's.
        token = environment.pop("GITHUB_TOKEN")
        runner.environment |= environment
        run = {
            "event": "pull_request",
            "id": 1,
            "head_branch": "change",
            "head_sha": COMMIT,
            "html_url": "https://github.example/runs/1",
            "conclusion": "success",
            "head_repository": {"owner": {"login": "fork"}},
        }
        event = {"github": {"event": {"workflow_run": run}, "token": token}}
        for _ in range(2):
            runner.job("shop-comment", "comment", ref="main", **event).passed()
        (comment,) = github.comments
    assert review.summary.strip() in comment["body"]
    assert [method for method, _ in github.written] == ["POST", "PATCH"]


def test_a_mistake_fails_and_is_shown_at_its_line_and_uploaded(author, runner):
    base = change(author, "authentication: true", "autentication: true")
    event = pull_request(base)
    job = runner.job("shop-validate", "specs", ref="change", **event)
    assert "step Validate: 3" in str(job.failed)
    assert f"::error file={GATEWAY},line=5," in job.said["Validate"]
    runner.job("shop-validate", "code-scanning", ref="change", **event).passed()
    results = runner.uploaded[0]["runs"][0]["results"]
    assert "unknown-key" in {each["ruleId"] for each in results}
    review = runner.job("shop-review", "review", ref="change", **event)
    assert "step Review: 3" in str(review.failed)
    needs = {"results": ["failure", "failure", "skipped"]}
    assert runner.job("shop-review", "all", ref="change", needs=needs).failed


def test_what_changes_nothing_leaves_no_report_and_no_stack(author, runner):
    base = change(author, "id: assistant", "id: assistant # ours")
    review = runner.job("shop-review", "review", ref="change", **pull_request(base)).passed()
    assert stacks(review) == []
    assert not runner.artifacts.exists()
    with pytest.raises(AssertionError, match="skipped"):
        runner.job(
            "shop-review", "rehearse", ref="change", needs={"review": {"outputs": review.outputs}}
        )


def test_the_stacks_of_a_push_are_those_it_changes_and_by_hand_all(author, runner):
    before = change(author, "limit: 600", "limit: 300", branch="main")

    def found(before):
        event = {"github": {"event": {"before": before}}}
        return stacks(runner.job("shop-deploy", "stacks", ref="main", **event).passed())

    assert found(before) == ["prod"]
    assert found(git(author, "rev-parse", "main")) == []
    assert found(None) == ["prod"]
    assert found("0" * 40) == ["prod"]
    assert stacks(runner.job("shop-drift", "stacks", ref="main").passed()) == ["prod"]


def test_the_action_installs_the_revision_that_it_is_of(author, runner):
    """`uses: <this repository>@<commit>`, in a workflow of any other."""
    runner.index["PIP_NO_BUILD_ISOLATION"] = "0"  # pip's way to say: none
    job = Job(runner, "any", "any", "main", {})
    git(job.place, "clone", "--quiet", str(author), "workspace")
    (job.workspace / "infra").mkdir()
    assert job.action(ROOT, project="infra") == {"version": __version__}
    assert job.path[0] == str(job.workspace / "infra" / ".venv" / "bin")
    job.step({"name": "Use it", "shell": "bash", "run": "gatewright validate"})
    assert job.said["Use it"] == "3 files, no findings\n"


def test_one_set_of_workflows_is_for_all_projects(accounts, runner):
    base = change(accounts, "limit: 600", "limit: 300", file=f"accounts/bolt/{GATEWAY}")
    event = pull_request(base)
    job = runner.job("all-validate", "specs", ref="change", **event).passed()
    assert "6 in form" in job.said["Check the form"]
    review = runner.job("all-review", "review", ref="change", **event).passed()
    assert "#### Stack accounts/bolt prod" in review.summary
    assert "accounts/acme" not in review.summary
    rows = json.loads(review.outputs["stacks"])["include"]
    assert rows == [{"project": "accounts/bolt", "stack": "prod", "id": "accounts-bolt-prod"}]
    git(accounts, "switch", "--quiet", "main")
    git(accounts, "merge", "--quiet", "change")
    push_event = {"github": {"event": {"before": base}}}
    git(accounts, "push", "--quiet", "origin", "main")
    deploy = runner.job("all-deploy", "stacks", ref="main", **push_event).passed()
    assert json.loads(deploy.outputs["stacks"])["include"] == rows
    assert stacks(runner.job("all-drift", "stacks", ref="main").passed()) == ["prod", "prod"]


@pytest.mark.e2e
def test_a_change_is_rehearsed(accounts, runner):
    """In the project that it is in; that of the whole repository is no other case."""
    base = change(accounts, "limit: 600", "limit: 300", file=f"accounts/bolt/{GATEWAY}")
    runner.environment["GATEWRIGHT_HOME"] = str(home())
    row = {"project": "accounts/bolt", "stack": "prod", "id": "accounts-bolt-prod"}
    needs = {"needs": {"review": {"outputs": {"stacks": json.dumps({"include": [row]})}}}}
    job = runner.job(
        "all-review", "rehearse", ref="change", **pull_request(base), matrix=row, **needs
    )
    job.passed()
    assert "600 → 300" in job.summary
    (kept,) = runner.artifacts.iterdir()
    assert kept.name == "report-rehearse-accounts-bolt-prod"


@pytest.mark.e2e
def test_a_merge_is_deployed_verified_smoked_and_its_drift_is_seen(
    author, runner, machine, tmp_path
):
    """The account is on loopback; the stack is made by hand once, as docs/ci.md says."""
    matrix = {"matrix": {"project": ".", "stack": "prod", "id": "prod"}}
    chosen = {"outputs": {"stacks": json.dumps({"include": [matrix["matrix"]]})}}
    needs = {"needs": {"stacks": chosen}}
    with open_session(author, print) as session:
        own = session.stack.environment
        given = {
            "vars": {
                "CLOUDFLARE_ACCOUNT_ID": own["CLOUDFLARE_ACCOUNT_ID"],
                "PULUMI_BACKEND_URL": f"file://{tmp_path}",
            },
            "secrets": {
                "CLOUDFLARE_API_TOKEN": own["CLOUDFLARE_API_TOKEN"],
                "PULUMI_CONFIG_PASSPHRASE": "of a " + "test",
            },
        }
        # What stands for Cloudflare and its plugin is a matter of the machine.
        places = (
            "PATH",
            "CLOUDFLARE_BASE_URL",
            "GATEWRIGHT_GATEWAY_URL",
            "NO_PROXY",
            "PULUMI_HOME",
        )
        runner.environment |= {name: own[name] for name in places}
        runner.environment["GATEWRIGHT_HOME"] = str(home())
        by_hand = given["vars"] | given["secrets"] | runner.environment
        made = machine.run("/usr/bin/env", "pulumi", "stack", "init", "prod", cwd=author, **by_hand)
        assert made.code == 0, made.text
        push(author, "main")

        job = runner.job("shop-deploy", "deploy", ref="main", **given, **matrix, **needs).passed()
        assert "objects, 0 not as declared" in job.said["Deploy and verify"]
        assert "assistant" in job.summary
        assert "<testsuite" in (runner.artifacts / "smoke-prod" / "smoke.xml").read_text()
        for said in job.said.values():
            assert not any(secret in said for secret in given["secrets"].values())

        del given["secrets"]["PULUMI_CONFIG_PASSPHRASE"], given["vars"]["PULUMI_BACKEND_URL"]
        runner.job("shop-drift", "drift", ref="main", **given, **matrix, **needs).passed()
        change(author, "limit: 600", "limit: 300", branch="main")
        seen = runner.job("shop-drift", "drift", ref="main", **given, **matrix, **needs)
        assert "step Drift: 7" in str(seen.failed)
        assert "rate_limiting_limit" in seen.summary
