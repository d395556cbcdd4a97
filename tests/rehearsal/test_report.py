"""One report in four forms: the verdict, the plan with its values, and what came of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from support.project import ROOT

from gatewright import readback, smoke
from gatewright.deploy import Change, Operation, Plan, Problem, Property
from gatewright.errors import ExitCode
from gatewright.model import Finding, Location, Severity
from gatewright.rehearsal import Result, report
from gatewright.smoke.budget import Budget
from gatewright.smoke.targets import Deployed

PLAN = Plan(
    (
        Change(Operation.SAME, "gateway", "reviews"),
        Change(
            Operation.UPDATE,
            "gateway",
            "drafts",
            ("rate_limiting_limit",),
            (Property("rate_limiting_limit", 300, 200),),
        ),
        Change(
            Operation.REPLACE,
            "token",
            "a|b <img>",
            ("name",),
            (Property("name", "a", "b", replaces=True),),
        ),
    )
)
SMOKED = smoke.Result(
    (), Budget(0, 0, 0, 0, ()), 0, 0.5, datetime(2026, 1, 1, tzinfo=UTC), Deployed()
)
PASSED = Result(
    after="the work tree",
    before="revision 0123456789ab",
    stack="prod",
    engine="pulumi 3",
    provider="a plugin",
    base=3,
    plan=PLAN,
    verified=readback.Result((readback.Reading("gateway", "drafts"),)),
    smoked=SMOKED,
    left=(),
    seconds=(("deploy", 1.25), ("smoke", 0.5)),
)
WRONG = readback.Reading("gateway", "drafts", verdict=readback.Verdict.MISSING)
ERROR = Finding(Location("gateways/drafts.yaml", 3, 1), "unknown-key", "unknown key `a`")
WARNING = ERROR._replace(rule="open-logs", severity=Severity.WARNING)
FAILED = Problem("gateway exists (code 7001, HTTP 409)", "gateway", "drafts", ("id",), 7001)


def validated(result: Result) -> dict:
    document = json.loads(report.as_json(result))
    schema = json.loads((ROOT / "schemas/rehearse-report.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return document


@pytest.mark.parametrize(
    ("result", "code", "said"),
    [
        (PASSED, ExitCode.OK, "passed"),
        (
            Result("the work tree", None, findings=(WARNING, ERROR)),
            ExitCode.FINDINGS,
            "failed: the specs of the work tree have errors",
        ),
        (replace(PASSED, findings=(WARNING,)), ExitCode.OK, "passed"),
        (replace(PASSED, is_coded=True), ExitCode.DIFFERS, "passed, and something changes"),
        (
            replace(PASSED, refused_by=PLAN.destructive),
            ExitCode.REFUSED,
            "refused: the plan does `replace` to token a|b <img>",
        ),
        (
            replace(PASSED, left=("gateway drafts",)),
            ExitCode.DIFFERS,
            "failed: the account is not as declared",
        ),
        (
            replace(PASSED, verified=readback.Result((WRONG,))),
            ExitCode.DIFFERS,
            "failed: the account is not as declared",
        ),
        (
            replace(PASSED, problems=(FAILED,), verified=None, smoked=None),
            ExitCode.COULD_NOT_RUN,
            "failed: the engine could not deploy the work tree",
        ),
        (
            replace(PASSED, problems=(replace(FAILED, is_protected=True),)),
            ExitCode.REFUSED,
            "failed: the plan deletes or replaces what its spec protects",
        ),
        (
            replace(PASSED, left=None, teardown_problems=(FAILED,)),
            ExitCode.COULD_NOT_RUN,
            "failed: not all could be removed again",
        ),
    ],
)
def test_the_verdict_is_the_same_in_all_forms(result: Result, code: ExitCode, said: str) -> None:
    assert result.exit_code is code
    assert report.text(result).splitlines()[-1] == f"rehearsal {said}"
    document = validated(result)
    assert (document["exit_code"], document["verdict"]) == (code, said)
    first = report.markdown(result).splitlines()[1]
    assert ("✅" in first) is (code is ExitCode.OK)
    failures = ET.fromstring(report.junit(result)).findall(".//failure")  # noqa: S314  # our own
    is_failed = code is not ExitCode.OK and not result.is_coded
    assert bool(failures) is is_failed


def test_the_plan_is_told_with_its_values_the_harmful_last_in_text_and_first_in_a_comment() -> None:
    lines = report.text(PASSED).splitlines()
    start = lines.index("plan: 1 same, 1 update, 1 replace")
    assert lines[start + 1 : start + 5] == [
        "  ~ update  gateway drafts: rate_limiting_limit",
        "      rate_limiting_limit: 300 → 200",
        "  ± replace token a|b <img>: name (its value changes, and the old one ends)",
        "      name: a → b (replaces it)",
    ]
    rows = [
        line for line in report.markdown(PASSED).splitlines() if line.startswith(("| 🔴", "| 🟡"))
    ]
    assert rows == [
        r"| 🔴 | token **a\|b \<img\>** | replace<br>name: a → b (replaces it) |",
        r"| 🟡 | gateway **drafts** | update<br>rate\_limiting\_limit: 300 → 200 |",
    ]


def test_a_problem_stands_at_its_place() -> None:
    where = Location("gateways/drafts.yaml", 2, 5)
    result = replace(PASSED, problems=(FAILED,), places={FAILED: where}, plan=None)
    said = "gateways/drafts.yaml:2:5: error gateway drafts: `id`: gateway exists"
    assert said in report.text(result)
    assert "plan: no plan" in report.text(result)
    [problem] = validated(result)["problems"]
    assert (problem["file"], problem["line"], problem["code"]) == ("gateways/drafts.yaml", 2, 7001)
    assert said in report.junit(result)


def test_what_stays_by_its_spec_is_not_left_behind() -> None:
    result = replace(PASSED, kept=("gateway drafts",))
    assert result.exit_code is ExitCode.OK
    assert "the account holds nothing else; gateway drafts stays, as its spec says" in report.text(
        result
    )


def test_a_comment_is_never_longer_than_one_may_be() -> None:
    changes = tuple(Change(Operation.CREATE, "gateway", f"gateway-{n:05d}") for n in range(5_000))
    text = report.markdown(replace(PASSED, plan=Plan(changes)))
    assert len(text) <= 60_000
    assert text.endswith("`gatewright rehearse` shows all of it.*\n")
