"""What a change of the specs means, as a reviewer is told."""

import json
from pathlib import Path

import pytest
from support.project import Project, make_project
from support.review import commit, effects, git, reviewed

SUPPORT = "gateways/support.yaml"
DRAFTS = "gateways/drafts.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "project")
    git(project.path, "init", "--quiet", "--initial-branch", "main")
    commit(project.path)
    return project


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (SUPPORT, "authentication: true", "authentication: false", "high: authentication is loo"),
        (
            "gateways/reviews.yaml",
            "authentication: false",
            "authentication: true",
            "medium: callers without `cf-aig-authorization` are refused",
        ),
        (SUPPORT, "suicide_and_self_harm: BLOCK", "suicide_and_self_harm: FLAG", "high: guardrail"),
        (DRAFTS, "limit: 300", "limit: 200", "medium: the rate limit is tighter"),
        (DRAFTS, "limit: 300", "limit: 400", "low: the rate limit is looser"),
        (SUPPORT, "limit: 100000", "limit: 50000", "medium: the oldest logs above the limit"),
        (SUPPORT, "cache: answers\n", "", "medium: caching ends"),
        (SUPPORT, "logs: {", "logs: {collect: false, ", "medium: logs are off"),
        (SUPPORT, "retries: {", "zdr: true\nretries: {", ""),
        (DRAFTS, "technique: sliding", "technique: fixed", "low: the rate limit is looser"),
        (
            DRAFTS,
            "limit: 300, interval: 1m",
            "limit: 5, interval: 1s",
            "medium: the rate limit is t",
        ),
        (DRAFTS, "interval: 1m", "interval: 1h", "medium: the rate limit is tighter"),
        (SUPPORT, "DELETE_OLDEST", "STOP_INSERTING", "medium: no request is logged any more once"),
        (
            SUPPORT,
            "retries: {",
            "byok_only: true\nretries: {",
            "medium: requests without a provide",
        ),
        ("gateways/cache-policies/answers.yaml", "ttl: 1h", "ttl: 2h", "medium: the cache is pu"),
    ],
)
def test_an_edit_of_a_gateway_is_told_with_its_worst_effect_first(
    project: Project, file: str, old: str, new: str, said: str
) -> None:
    project.edit(file, old, new)
    [(_, told)] = effects(project).items()
    assert (told or [""])[0].startswith(said), told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Workers AI Read]", "Workers AI Read, Workers AI Write]", "high: token widened: it may"),
        ("AI Gateway Run, ", "", "medium: whoever uses it for AI Gateway Run is refused"),
        ("2027-06-30", "2027-07-30", "medium: it lives longer"),
        ("2027-06-30", "2027-05-30", "low: it ends earlier"),
        ("expires:", "generation: 2\nexpires:", "high: a new token replaces it"),
        ("expires:", "request_ip: {in: [192.0.2.0/24]}\nexpires:", "medium: it may be used from f"),
        ("expires:", "not_before: 2027-01-01\nexpires:", "medium: whoever uses it before 2027-01-"),
    ],
)
def test_an_edit_of_a_token_is_told(project: Project, old: str, new: str, said: str) -> None:
    project.edit("gateways/tokens/smoke.yaml", old, new)
    assert effects(project)["token gatewright smoke changed"][0].startswith(said)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("in: [192.0.2.0/24]", "in: [192.0.2.0/25]", "medium: it may be used from fewer addresses"),
        ("in: [192.0.2.0/25]", "in: [192.0.2.0/24]", "medium: it may be used from other addresses"),
        ("in: [192.0.2.0/25, 192.0.2.128/25]", "in: [192.0.2.0/24], not_in: [192.0.2.9/32]", "few"),
        ("in: [192.0.2.0/24]", "in: [192.0.2.0/24, 0.0.0.0/0]", "high: it may be used from anywhe"),
        (
            "in: [192.0.2.0/24]",
            "in: [192.0.2.0/24, '2001:db8::/32']",
            "medium: it may be used from o",
        ),
        ("in: [192.0.2.0/24]", "not_in: [192.0.2.9/32]", "anywhere, but for those it names"),
        ("not_in: [192.0.2.9/32]", "not_in: [192.0.2.9/32, 192.0.2.8/32]", "fewer addresses"),
    ],
)
def test_from_where_a_token_may_be_used_is_compared_by_address(
    project: Project, before: str, after: str, said: str
) -> None:
    path = "gateways/tokens/smoke.yaml"
    project.edit(path, "expires:", f"request_ip: {{{before}}}\nexpires:")
    commit(project.path)
    project.edit(path, before, after)
    [told] = effects(project)["token gatewright smoke changed"]
    assert said in told


_BOTH, _ONE = "[REQUEST, RESPONSE]", "[REQUEST]"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("action: BLOCK, profiles: [a, b]", "action: BLOCK, profiles: [a]", ["high"]),
        ("action: BLOCK, profiles: [a]", "action: BLOCK, profiles: [a, b]", ["medium"]),
        ("action: BLOCK, profiles: [a]", "action: BLOCK, profiles: [b]", ["high", "medium"]),
        ("action: BLOCK, profiles: [a]", "enabled: false, action: BLOCK, profiles: [a]", ["high"]),
        (
            "enabled: false, action: BLOCK, profiles: [a]",
            "action: BLOCK, profiles: [a]",
            ["medium"],
        ),
        ("action: FLAG, profiles: [a]", "action: FLAG, profiles: [a, b]", ["low"]),
        (
            f"policies: [{{id: p, action: BLOCK, check: {_BOTH}, profiles: [a]}}]",
            f"policies: [{{id: p, action: BLOCK, check: {_ONE}, profiles: [a]}}]",
            ["high"],
        ),
        (
            f"policies: [{{id: p, action: BLOCK, check: {_BOTH}, profiles: [a]}}]",
            "action: BLOCK, profiles: [a]",
            [],
        ),
    ],
)
def test_what_is_blocked_is_compared_by_what_is_in_force(
    project: Project, before: str, after: str, said: list[str]
) -> None:
    project.edit(DRAFTS, "id: drafts", f"id: drafts\ndlp: {{{before}}}")
    commit(project.path)
    project.edit(DRAFTS, before, after)
    told = effects(project)["gateway drafts changed"]
    assert [each.partition(":")[0] for each in told] == said


def test_a_cache_is_purged_only_if_the_gateway_itself_is_updated(project: Project) -> None:
    policy = (project.path / "gateways/cache-policies/answers.yaml").read_text()
    assert "invalidate_on_update: true" in policy
    project.edit(SUPPORT, "prompt: What is Cloudflare?", "prompt: What is it?")
    only_smoke = ["none: only what the smoke run checks; nothing in the account changes"]
    assert effects(project) == {"gateway support changed": only_smoke}
    project.edit(SUPPORT, "id: support", "id: support\nprotect: true")
    assert effects(project) == {"gateway support changed": []}
    project.edit(SUPPORT, "id: support", "id: support\nzdr: true")
    told = effects(project)["gateway support changed"]
    assert told == ["medium: the cache is purged: `invalidate_on_update` is on"]


def test_a_custom_provider_that_is_switched_off_is_told(project: Project) -> None:
    path = project.path / "gateways/custom-providers/own.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("slug: own\nbase_url: https://models.example.com\n")
    commit(project.path)
    project.edit("gateways/custom-providers/own.yaml", "slug: own", "slug: own\nenable: false")
    told = effects(project)["custom provider own changed"]
    assert told[0] == "high: it is switched off: calls of `custom-own` may fail"


def test_a_new_worker_is_open_and_what_it_asks_is_no_code(project: Project) -> None:
    path = project.path / "gateways/workers/other.yaml"
    path.write_text(
        'name: other\ngateway: {id: support}\nmodel: "@cf/meta/llama-3.1-8b-instruct"\n'
        "body: {prompt: Hello}\n"
    )
    assert effects(project) == {
        "worker other added": [
            "medium: whoever knows its URL may call it at the account's cost",
            "low: new",
        ]
    }
    commit(project.path)
    project.edit("gateways/workers/other.yaml", "Hello", "Good morning")
    asked = ["low: its script is told to ask something else"]
    assert effects(project) == {"worker other changed": asked}


def test_how_far_a_new_or_widened_token_reaches_is_told(project: Project) -> None:
    (project.path / "gateways/tokens/other.yaml").write_text(
        "name: other\npermissions: [AI Gateway Run]\nexpires: 2090-01-01\n"
    )
    support = project.path / SUPPORT
    limits = "\nspend_limits: {rules: [{id: a, limit: 9, window: 1d}]}\n"
    support.write_text(support.read_text() + limits)
    told = effects(project)
    reach = "low: it may call every gateway of the account (declared here: `drafts`, `reviews`, "
    assert told["token other added"] == [
        "medium: a new credential: who has it reaches the whole account",
        reach + "`support`), and spend their budgets (`support`)",
    ]
    commit(project.path)
    project.edit("gateways/tokens/other.yaml", "Run]", "Run, Workers AI Read]")
    told = effects(project)
    assert told["token other changed"][-1].endswith("call Workers AI past all gateways and budgets")


def test_a_new_id_is_an_end_and_a_beginning(project: Project) -> None:
    project.edit(DRAFTS, "id: drafts", "id: help")
    assert effects(project) == {
        "gateway help added": [
            "high: URL change: it takes the place of `drafts`, and who calls that must change",
            "low: new",
        ],
        "gateway drafts removed": ["high: its URL ends, and its logs and analytics go with it"],
    }


def test_what_is_protected_or_retained_is_told_when_it_goes(project: Project) -> None:
    project.edit(DRAFTS, "id: drafts", "id: drafts\nprotect: true\nretain: true")
    commit(project.path)
    project.edit(DRAFTS, "protect: true\nretain: true", "protect: false")
    assert effects(project)["gateway drafts changed"] == [
        "medium: protection ends: a deployment may delete it",
        "medium: it is deleted in the account when it leaves the specs",
    ]
    (project.path / DRAFTS).unlink()
    assert effects(project)["gateway drafts removed"] == [
        "high: it is protected: the deployment is refused, unless it was released before",
        "medium: it stays in the account as it is, and no stack manages it",
    ]


def test_a_workers_script_is_compared_with_that_of_the_old_revision(project: Project) -> None:
    script = project.path / "workers" / "ask.js"
    script.parent.mkdir()
    script.write_text("export default {};\n")
    project.edit("gateways/workers/ask.yaml", "name: ask", "name: ask\nscript: workers/ask.js")
    commit(project.path)
    assert effects(project) == {}
    script.write_text("export default { fetch() {} };\n")
    assert effects(project) == {"worker ask changed": ["medium: its code changes"]}


def test_what_changes_nothing_in_the_account_is_no_change(project: Project) -> None:
    path = project.path / SUPPORT
    lines = path.read_text().replace("description: Answers", "description: It answers").splitlines()
    policy = (project.path / "gateways/cache-policies/answers.yaml").read_text()
    inline = "cache: {ttl: 60m, invalidate_on_update: true} # moved here"
    assert "ttl: 1h" in policy
    moved = [inline if line == "cache: answers" else line for line in lines]
    path.unlink()
    (project.path / "gateways/renamed.yaml").write_text("\n".join(["# why", *moved]) + "\n")
    done = reviewed(project, "--exit-code")
    assert "nothing that is deployed changes" in done.out
    assert done.code == 0


def test_exit_codes_speak_of_risk_and_of_change(project: Project) -> None:
    assert reviewed(project, "--exit-code", "--fail-on", "low").code == 0
    project.edit(DRAFTS, "limit: 300", "limit: 400")
    assert reviewed(project).code == 0
    assert reviewed(project, "--exit-code").code == 7
    assert reviewed(project, "--fail-on", "medium").code == 0
    assert reviewed(project, "--fail-on", "low").code == 5


def test_each_stack_is_told_apart_and_has_its_checksum(project: Project) -> None:
    path = project.path / SUPPORT
    path.write_text(path.read_text() + "stacks:\n  prod: {logpush: true}\n  test: {zdr: true}\n")
    commit(project.path)
    project.edit(SUPPORT, "{logpush: true}", "{logpush: false}")
    done = reviewed(project)
    assert "stack prod\n" in done.out
    assert "every other stack and stack test\n" in done.out
    document = json.loads(reviewed(project, "--format", "json").out)
    named = {row["name"]: row for stack in document["stacks"] for row in stack["stacks"]}
    assert named.keys() == {None, "prod", "test"}
    planned = project.gatewright("smoke", "--list", "--stack", "prod")
    assert planned.code == 0
    assert named["prod"]["checksum"] == named[None]["checksum"] != named["test"]["checksum"]


def test_findings_are_new_or_fixed_and_one_that_moved_is_neither(project: Project) -> None:
    project.edit(SUPPORT, "authentication: true", "authentication: false")
    new = reviewed(project)
    assert "new findings\n" in new.out
    assert "open-logs" in new.out
    commit(project.path)
    path = project.path / SUPPORT
    path.write_text("# moved\n" + path.read_text())
    assert "findings" not in reviewed(project).out
    project.edit(SUPPORT, "authentication: false", "authentication: true")
    assert "fixed findings\n" in reviewed(project).out


def test_a_revision_that_does_not_compile_is_told_with_its_findings(project: Project) -> None:
    project.edit(SUPPORT, "authentication: true", "autentication: true")
    done = reviewed(project)
    assert done.code == 3
    assert "the new revision does not compile" in done.out
    assert "gateways/support.yaml:5:1: error unknown-key" in done.out


def test_revisions_ranges_and_folders(project: Project, tmp_path: Path) -> None:
    project.edit(SUPPORT, "limit: 600", "limit: 700")
    commit(project.path)
    assert "rate_limiting.limit: 600 → 700" in reviewed(project, "HEAD~1..HEAD").out
    assert "rate_limiting.limit: 600 → 700" in reviewed(project, "HEAD~1...HEAD").out
    assert "rate_limiting.limit: 600 → 700" in reviewed(project, "HEAD~1").out
    assert "nothing that is deployed changes" in reviewed(project).out
    shipped = make_project(tmp_path / "before")
    folders = reviewed(project, str(shipped.path), str(project.path))
    assert "rate_limiting.limit: 600 → 700" in folders.out
    other = project.gatewright("review", str(shipped.path), "nowhere")
    assert other.code == 2
    assert "`nowhere` is no folder that holds `gateways/`" in other.err
    wrong = project.gatewright("review", "a", "b", "c")
    assert wrong.code == 2


def test_a_project_below_the_root_of_its_repository(project: Project, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    nested = make_project(outer / "accounts" / "acme")
    git(outer, "init", "--quiet")
    commit(outer)
    nested.edit(SUPPORT, "limit: 600", "limit: 700")
    assert "rate_limiting.limit: 600 → 700" in reviewed(nested).out
    assert project.path.exists()


def test_an_effect_on_the_account_is_the_quota_that_is_reached(project: Project) -> None:
    shipped = 3
    for number in range(20 - shipped):
        path = project.path / f"gateways/gateway-{number:02d}.yaml"
        path.write_text(f"id: gateway-{number:02d}\nauthentication: true\n")
    document = json.loads(reviewed(project, "--format", "json").out)
    [stack] = document["stacks"]
    assert stack["effects"] == [
        {
            "risk": "medium",
            "said": "quota reached: 20 of 20 gateways, none can be added after this",
        }
    ]
    assert "quota reached" in reviewed(project).out
    assert "quota reached" in reviewed(project, "--format", "markdown").out
    assert "quota reached" in reviewed(project, "--format", "sarif").out
    (project.path / "gateways/gateway-00.yaml").unlink()
    assert "quota" not in reviewed(project).out


def test_budgets_are_told_by_name(project: Project) -> None:
    path = project.path / DRAFTS
    path.write_text(
        path.read_text() + "spend_limits:\n  rules:\n    - {id: day, limit: 9, window: 1d}\n"
        "    - {id: hour, limit: 2, window: 1h}\n"
    )
    assert effects(project)["gateway drafts changed"] == [
        "medium: a new budget: `day`, `hour`, above it requests are refused"
    ]
    commit(project.path)
    project.edit(DRAFTS, "limit: 9", "limit: 8")
    assert effects(project)["gateway drafts changed"] == [
        "medium: budget reset: `day` starts its count anew"
    ]
    project.edit(DRAFTS, "    - {id: day, limit: 8, window: 1d}\n", "")
    assert effects(project)["gateway drafts changed"] == ["medium: a budget ends: `day`"]
    project.edit(DRAFTS, "spend_limits:", "spend_limits:\n  enabled: false")
    assert effects(project)["gateway drafts changed"] == [
        "high: no budget limits the cost any more"
    ]


def test_a_link_in_an_old_revision_is_followed(project: Project) -> None:
    shared = project.path / "shared.yaml"
    (project.path / DRAFTS).rename(shared)
    (project.path / DRAFTS).symlink_to("../shared.yaml")
    commit(project.path)
    shared.write_text(shared.read_text().replace("limit: 300", "limit: 200"))
    commit(project.path)
    assert "rate_limiting.limit: 300 → 200" in reviewed(project, "HEAD~1..HEAD").out


def test_an_old_revision_is_whole_whatever_it_links_to_and_leaves_out_of_archives(
    project: Project,
) -> None:
    (project.path / "shared").symlink_to("/nowhere")
    (project.path / "gateways" / "notes").symlink_to(project.path / "shared")
    (project.path / ".gitattributes").write_text("gateways export-ignore\n")
    commit(project.path)
    project.edit(DRAFTS, "limit: 300", "limit: 200")
    commit(project.path)
    assert [*effects(project, "HEAD~1..HEAD")] == ["gateway drafts changed"]


def test_first_gateways_are_all_new(project: Project, tmp_path: Path) -> None:
    first = make_project(tmp_path / "first")
    moved = tmp_path / "moved"
    (first.path / "gateways").rename(moved)
    git(first.path, "init", "--quiet")
    commit(first.path)
    moved.rename(first.path / "gateways")
    assert {each.rpartition(" ")[2] for each in effects(first)} == {"added"}
    assert project.path.exists()


def test_before_the_first_commit_all_is_new(tmp_path: Path) -> None:
    first = make_project(tmp_path / "first")
    git(first.path, "init", "--quiet")
    assert {each.rpartition(" ")[2] for each in effects(first)} == {"added"}
    named = first.gatewright("review", "HEAD")
    assert named.code == 2
    assert "`HEAD` is no revision" in named.err


def test_specs_that_are_a_submodule_are_no_new_ones(project: Project, tmp_path: Path) -> None:
    specs = tmp_path / "specs"
    (project.path / "gateways").rename(specs)
    git(specs, "init", "--quiet", "--initial-branch", "main")
    commit(specs)
    git(project.path, "rm", "-r", "--quiet", "--cached", "gateways")
    allowed = ("-c", "protocol.file.allow=always")
    git(project.path, *allowed, "submodule", "--quiet", "add", "--force", str(specs), "gateways")
    commit(project.path)
    done = project.gatewright("review")
    assert done.code == 8
    assert "`gateways` is a submodule: another repository has its revisions" in done.err
    assert "hint: `gatewright review BEFORE AFTER`" in done.err


def test_a_repository_of_another_user_is_not_told_as_none(project: Project) -> None:
    done = project.gatewright("review", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert done.code == 2
    assert "is in a repository of another user" in done.err
    assert "hint: `git config --global --add safe.directory FOLDER`" in done.err
