"""What the engine says of a refusal, as sentences."""

import pytest

from gatewright.deploy import Problem, problem, report

URN = (
    "urn:pulumi:prod::gatewright::gatewright:index:Gateway$cloudflare:index/aiGateway:AiGateway::"
    "support"
)
DOING = "Cloudflare refused while updating gateway `support`:"
REQUEST = "PUT /accounts/0/ai-gateway/gateways/support"


def event(message: str, severity: str = "error", urn: str | None = URN) -> dict[str, object]:
    return {"diagnosticEvent": {"severity": severity, "message": message, "urn": urn}}


@pytest.mark.parametrize(
    "message",
    [
        (
            f"{DOING}\n"
            f"  `body.cache_ttl`: Required (code 7001, HTTP 400, {REQUEST})\n"
            f"  `body.otel.0.url`: Invalid url (code 7001, HTTP 400, {REQUEST})\n"
        ),
        (
            'error: 1 error occurred: * PUT "https://api.example/client/v4/x": 400 Bad Request '
            '{"success":false,"errors":[{"code":7001,"message":"Required","path":["body","cache_ttl"]},'
            '{"code":7001,"message":"Invalid url","path":["body","otel",0,"url"]}]} and more'
        ),
    ],
    ids=["ours", "the official plugin's"],
)
def test_each_entry_of_errors_is_a_problem_with_its_field(message: str) -> None:
    assert [*problem.of_event(event(message))] == [
        Problem("Required (code 7001, HTTP 400)", "gateway", "support", ("cache_ttl",), 7001),
        Problem(
            "Invalid url (code 7001, HTTP 400)", "gateway", "support", ("otel", 0, "url"), 7001
        ),
    ]


@pytest.mark.parametrize("head", [DOING, f"error: sdk: {DOING}"])
def test_an_entry_that_stands_alone_is_one_too(head: str) -> None:
    message = f"{head} `body.dlp.enabled`: Required (code 7001, HTTP 400, {REQUEST})"
    assert [*problem.of_event(event(message))] == [
        Problem("Required (code 7001, HTTP 400)", "gateway", "support", ("dlp", "enabled"), 7001)
    ]


def test_a_lock_is_told_with_whose_it_is() -> None:
    message = (
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end "
        "or delete the lock file with `pulumi cancel`.\n"
        "  file:///x.json: created by me@here (pid 7) at 2026-11-28T05:00:00Z"
    )
    said = (
        "somebody else deploys this stack now (created by me@here (pid 7) at 2026-11-28T05:00:00Z)"
    )
    assert [*problem.of_event(event(message, urn=None))] == [Problem(said, is_locked=True)]


ENDED = Problem("an unhandled error occurred: program exited with non-zero exit code: 1")


@pytest.mark.parametrize(
    ("found", "program", "said"),
    [
        ((Problem("no account"), ENDED), "ModuleNotFoundError: x", ["no account"]),
        ((ENDED,), "ModuleNotFoundError: x", ["ModuleNotFoundError: x"]),
        ((ENDED,), "", [ENDED.said]),
        ((), "it wrote", []),
    ],
)
def test_that_the_program_ended_is_told_only_where_nothing_says_why(
    found: tuple[Problem, ...], program: str, said: list[str]
) -> None:
    assert [each.said for each in problem.explained(found, program)] == said


def test_a_warning_is_told_but_for_where_a_plugin_came_from() -> None:
    assert problem.warning(event("by the way\n", severity="warning")) == "by the way"
    assert problem.warning(event("it broke")) is None
    said = "using pulumi-resource-cloudflare from $PATH at /x"
    assert problem.warning(event(said, severity="warning")) is None


@pytest.mark.parametrize("head", ["", "Preview failed: "])
def test_what_a_check_of_ours_says_stands_alone_and_its_hint_in_a_line_of_its_own(
    head: str,
) -> None:
    said = "gateway `support` exists but not in this stack. hint: adopt it"
    message = f'{head}before hook "gateway-exists" failed: {said}\n'
    found = (*problem.of_event(event(message)),)
    assert found == (Problem(said, "gateway", "support"),)
    assert report.problems(found, lambda _: None) == (
        "error gateway support: gateway `support` exists but not in this stack\nhint: adopt it"
    )


@pytest.mark.parametrize("message", ["it broke", 'PUT "https://x": 502 {"success": false}', "{"])
def test_what_is_no_answer_of_the_api_is_told_as_it_is(message: str) -> None:
    [found] = problem.of_event(event(message))
    assert found == Problem(message, "gateway", "support")


def test_what_is_about_no_object_is_told_too_and_what_says_nothing_is_not() -> None:
    assert [*problem.of_event(event("no account id", urn=None))] == [Problem("no account id")]
    assert [*problem.of_event(event("update failed", urn=None))] == []
    assert [*problem.of_event(event("by the way", severity="warning"))] == []
    assert [*problem.of_event({"summaryEvent": {}})] == []
