"""Field by field: the same, different, not returned, not managed; never a guess."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gatewright import readback
from gatewright.errors import ExitCode
from gatewright.model import Deployment, Gateway, Logs, RateLimiting, RequestIp, Retries, Token
from gatewright.model.wire import gateway_object
from gatewright.readback import Verdict

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"

DECLARED = Gateway(
    "support",
    authentication=True,
    rate_limiting=RateLimiting(limit=100, interval=60, technique="sliding"),
)

#: What the server adds to an object.
SERVER = {
    "created_at": "2026-11-22T12:41:17Z",
    "is_default": False,
    "log_management": 10_000_000,
    "log_management_strategy": "DELETE_OLDEST",
    "dlp": None,
    "guardrails": None,
    "retry_max_attempts": None,
    "retry_delay": None,
    "retry_backoff": None,
    "stripe": None,
}


def live_gateway(declared: Gateway = DECLARED, **changes: Any) -> dict[str, Any]:
    return SERVER | gateway_object(declared) | changes


def verdicts(declared: Gateway, actual: dict[str, Any]) -> dict[str, Verdict]:
    return {field.name: field.verdict for field in readback.gateway(declared, actual).fields}


def test_a_gateway_as_declared_has_no_difference() -> None:
    reading = readback.gateway(DECLARED, live_gateway())
    assert not reading.differs
    assert {field.verdict for field in reading.fields} == {Verdict.SAME, Verdict.NOT_MANAGED}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authentication", False),
        ("cache_ttl", 300),
        ("collect_logs", False),
        ("rate_limiting_limit", 101),
        ("rate_limiting_technique", "fixed"),
        ("logpush", True),
        ("zdr", True),
        ("retry_max_attempts", 3),
        ("dlp", {"enabled": True, "action": "BLOCK", "profiles": []}),
    ],
)
def test_each_field_that_differs_is_the_only_one_named(name: str, value: Any) -> None:
    found = verdicts(DECLARED, live_gateway(**{name: value}))
    assert [field for field, verdict in found.items() if verdict is Verdict.DIFFERS] == [name]


def test_a_field_that_is_not_returned_is_never_called_the_same() -> None:
    actual = live_gateway()
    del actual["zdr"]
    assert verdicts(DECLARED, actual)["zdr"] is Verdict.NOT_RETURNED
    assert not readback.gateway(DECLARED, actual).differs


@pytest.mark.parametrize("name", ["cache_ttl", "rate_limiting_limit", "rate_limiting_interval"])
def test_null_and_zero_are_both_off(name: str) -> None:
    bare = Gateway("bare", authentication=False)
    assert verdicts(bare, live_gateway(bare, **{name: None}))[name] is Verdict.SAME


def test_the_technique_of_no_limit_means_nothing() -> None:
    bare = Gateway("bare", authentication=False)
    actual = live_gateway(bare, rate_limiting_technique="sliding")
    assert not readback.gateway(bare, actual).differs


def test_what_the_account_decides_is_shown_and_not_judged() -> None:
    reading = readback.gateway(DECLARED, live_gateway(log_management=123_456))
    [field] = [field for field in reading.fields if field.name == "log_management"]
    assert (field.verdict, field.actual) == (Verdict.NOT_MANAGED, 123_456)
    limited = Gateway("support", authentication=True, logs=Logs(limit=100_000))
    assert (
        verdicts(limited, live_gateway(limited, log_management=123_456))["log_management"]
        is Verdict.DIFFERS
    )


def test_a_setting_that_left_the_spec_and_is_still_on_differs() -> None:
    before = Gateway("support", authentication=True, retries=Retries(max_attempts=3))
    after = Gateway("support", authentication=True)
    assert verdicts(after, live_gateway(before))["retry_max_attempts"] is Verdict.DIFFERS


def test_what_may_hold_credentials_is_never_shown() -> None:
    secret = "Bearer " + "s" * 20
    exporters = [{"url": "https://otel.example.com", "headers": {}, "authorization": secret}]
    result = readback.Result((readback.gateway(DECLARED, live_gateway(otel=exporters)),))
    stripe = readback.Result(
        (readback.gateway(DECLARED, live_gateway(stripe={"authorization": secret})),)
    )
    for shown in (result, stripe):
        assert secret not in readback.report.text(shown)
        assert secret not in readback.report.as_json(shown)


SMOKE = Token(
    "smoke",
    ("AI Gateway Run", "Workers AI Read"),
    expires="2027-06-30T23:59:59Z",
    request_ip=RequestIp(allow=("192.0.2.0/24",)),
)


def live_token(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a" * 32,
        "name": "smoke",
        "status": "active",
        "expires_on": "2027-06-30T23:59:59Z",
        "condition": {"request_ip": {"in": ["192.0.2.0/24"]}},
        "policies": [
            {
                "effect": "allow",
                "permission_groups": [
                    {"id": "2" * 32, "name": "Workers AI Read"},
                    {"id": "1" * 32, "name": "AI Gateway Run"},
                ],
                "resources": {f"com.cloudflare.api.account.{ACCOUNT}": "*"},
            }
        ],
    } | changes


def test_the_order_of_permissions_is_no_difference_and_the_value_is_never_compared() -> None:
    reading = readback.token(SMOKE, live_token(), ACCOUNT)
    assert not reading.differs
    assert [field.name for field in reading.fields if field.verdict is Verdict.NOT_RETURNED] == [
        "value"
    ]


@pytest.mark.parametrize(
    "changes",
    [{"status": "disabled"}, {"expires_on": None}, {"condition": None}, {"policies": []}],
)
def test_a_token_that_was_changed_differs(changes: dict[str, Any]) -> None:
    assert readback.token(SMOKE, live_token(**changes), ACCOUNT).differs


def test_what_no_spec_manages_is_listed_and_is_no_difference() -> None:
    live = readback.Live(
        ACCOUNT,
        [live_gateway(), {"id": "default"}, {"id": "by-hand"}],
        [live_token(), {"id": "b" * 32, "name": "deploying"}, {"id": "c" * 32, "name": "lost"}],
        own_token_id="b" * 32,
    )
    result = readback.read(Deployment((DECLARED,), (SMOKE,)), live)
    assert [(reading.kind, reading.key) for reading in result.undeclared] == [
        ("gateway", "by-hand"),
        ("gateway", "default"),
        ("token", "lost"),
    ]
    assert result.exit_code is ExitCode.OK
    assert "made by Cloudflare" in readback.report.text(result, undeclared=True)


def test_a_token_that_soon_ends_is_warned_of_and_is_no_difference() -> None:
    live = readback.Live(ACCOUNT, [], [live_token()])
    deployment = Deployment((), (SMOKE,))
    [reading] = readback.read(deployment, live, soon="2027-07-30T00:00:00Z").readings
    assert [said[:34] for said in reading.warnings] == ["it ends at 2027-06-30T23:59:59Z: a"]
    assert not reading.differs
    [early] = readback.read(deployment, live, soon="2027-06-30T00:00:00Z").readings
    assert early.warnings == ()


def test_a_token_of_another_generation_is_orphaned_where_the_declared_one_is_there() -> None:
    declared = Deployment((), (replace(SMOKE, generation=3),))
    old, new = live_token(id="e" * 32), live_token(name=f"{SMOKE.name} #3")
    between = live_token(name=f"{SMOKE.name} #2", id="f" * 32)
    result = readback.read(declared, readback.Live(ACCOUNT, [], [old, new, between]))
    assert [(each.key, each.verdict) for each in result.undeclared] == [
        (SMOKE.name, Verdict.ORPHANED),
        (f"{SMOKE.name} #2", Verdict.ORPHANED),
    ]
    assert result.exit_code is ExitCode.DIFFERS
    text = readback.report.text(result, undeclared=True)
    assert "`gatewright token revoke " + "e" * 32 + "`" in text
    before = readback.read(declared, readback.Live(ACCOUNT, [], [old]))
    assert [each.verdict for each in before.undeclared] == [Verdict.UNDECLARED]
    assert f"replaces it by `{SMOKE.name} #3`" in readback.report.text(before, undeclared=True)


def test_junit_fails_what_differs_and_passes_what_is_only_told() -> None:
    live = readback.Live(ACCOUNT, [live_gateway(zdr=True), {"id": "default"}], [live_token()])
    result = readback.read(Deployment((DECLARED,), (SMOKE,)), live, soon="2030")
    root = ET.fromstring(readback.report.junit(result))  # noqa: S314  # our own
    failed = {case.get("name"): case.findtext("failure") for case in root.iter("testcase")}
    assert failed.keys() == {"support", SMOKE.name, "default"}
    assert "zdr: differs" in str(failed.pop("support"))
    assert [*failed.values()] == [None, None]
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    said = "".join(root.itertext())
    assert "it ends at" in said
    assert "made by Cloudflare" in said


def test_what_is_missing_or_doubled_differs() -> None:
    empty = readback.read(Deployment((DECLARED,), (SMOKE,)), readback.Live(ACCOUNT, [], []))
    assert empty.exit_code is ExitCode.DIFFERS
    assert empty.counts[Verdict.MISSING] == 2
    twice = [live_token(), live_token(id="d" * 32)]
    doubled = readback.read(Deployment((), (SMOKE,)), readback.Live(ACCOUNT, [], twice))
    assert doubled.exit_code is ExitCode.DIFFERS
    said = readback.report.text(doubled)
    assert f"two tokens of this name, ids {twice[0]['id']} and {twice[1]['id']}" in said
    assert f"revoke {twice[0]['id']}" not in said, "that may be the one in use"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({SMOKE.name: "d" * 32}, [(None, None), (Verdict.ORPHANED, "a" * 32)]),
        ({SMOKE.name: "a" * 32}, [(None, None), (Verdict.ORPHANED, "d" * 32)]),
        (
            {SMOKE.name: "9" * 32},
            [(Verdict.MISSING, None), (Verdict.ORPHANED, "a" * 32), (Verdict.ORPHANED, "d" * 32)],
        ),
        ({}, [(Verdict.MISSING, None), (Verdict.ORPHANED, "a" * 32), (Verdict.ORPHANED, "d" * 32)]),
    ],
)
def test_a_token_that_the_state_does_not_know_is_orphaned(
    known: dict[str, str], expected: list[tuple[Verdict | None, str | None]]
) -> None:
    twice = [live_token(), live_token(id="d" * 32)]
    live = readback.Live(ACCOUNT, [], twice, token_ids=known)
    result = readback.read(Deployment((), (SMOKE,)), live)
    assert result.exit_code is ExitCode.DIFFERS
    assert [each.verdict for each in result.readings] == [verdict for verdict, _ in expected]
    for reading, (_, ident) in zip(result.readings, expected, strict=True):
        assert ident is None or f"`gatewright token revoke {ident}`" in str(reading.note)
