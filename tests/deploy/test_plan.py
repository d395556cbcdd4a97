"""Plans from the engine's events, and how much of a stack may go."""

import pytest

from gatewright.deploy import Change, Operation, Plan, Threshold, change, report
from gatewright.errors import RefusedError, UsageError

TYPE = "cloudflare:index/aiGateway:AiGateway"


def event(op: str, name: str = "a", *, custom: bool = True, **more: object) -> dict[str, object]:
    urn = f"urn:pulumi:prod::gatewright::gatewright:index:Gateway${TYPE}::{name}"
    metadata = {"op": op, "urn": urn, "type": TYPE, "new": {"custom": custom}, **more}
    return {"resourcePreEvent": {"metadata": metadata}}


def plan(**numbers: int) -> Plan:
    return Plan(
        tuple(
            Change(Operation(operation), "gateway", f"{operation}{number}")
            for operation, count in numbers.items()
            for number in range(count)
        )
    )


@pytest.mark.parametrize(
    ("op", "operation"),
    [
        ("create", Operation.CREATE),
        ("import", Operation.ADOPT),
        ("update", Operation.UPDATE),
        ("create-replacement", Operation.REPLACE),
        ("replace", Operation.REPLACE),
        ("delete", Operation.DELETE),
        ("same", Operation.SAME),
    ],
)
def test_a_step_of_the_engine_is_a_change(op: str, operation: Operation) -> None:
    found = change.of_event(event(op, diffs=["cacheTtl", "cacheTtl", "zdr"]), "resourcePreEvent")
    assert found == Change(operation, "gateway", "a", ("cache_ttl", "zdr"))


def test_a_deleted_object_has_only_an_old_state() -> None:
    found = change.of_event(event("delete", new=None, old={"custom": True}), "resourcePreEvent")
    assert found == Change(Operation.DELETE, "gateway", "a")


def test_a_deleted_object_that_is_retained_is_released_and_not_lost() -> None:
    old = {"custom": True, "retainOnDelete": True}
    found = change.of_event(event("delete", new=None, old=old), "resourcePreEvent")
    assert found == Change(Operation.RELEASE, "gateway", "a")
    assert not Operation.RELEASE.is_destructive
    assert report.change(found).endswith("(it stays in the account, and no stack manages it)")


@pytest.mark.parametrize(
    "ignored",
    [
        event("create", custom=False),
        event("create", type="pulumi:providers:cloudflare"),
        event("delete-replaced"),
        {"diagnosticEvent": {}},
    ],
)
def test_components_providers_and_other_events_are_no_changes(ignored: dict[str, object]) -> None:
    assert change.of_event(ignored, "resourcePreEvent") is None


@pytest.mark.parametrize(
    ("text", "numbers", "allowed"),
    [
        ("30%", {"same": 7, "delete": 3}, True),
        ("30%", {"same": 6, "delete": 4}, False),
        ("30%", {"same": 6, "delete": 2, "replace": 2}, False),
        ("30%", {"delete": 1, "create": 9}, True),  # a single one always may
        ("30%", {"delete": 2, "create": 100}, False),  # what is new was not deployed
        ("30%", {"delete": 1}, False),  # an emptied folder
        ("99%", {"delete": 1}, False),
        ("1", {"delete": 1}, True),
        ("0%", {"same": 9, "delete": 1}, False),
        ("100%", {"delete": 4}, True),
        ("3", {"delete": 3}, True),
        ("3", {"same": 100, "delete": 4}, False),
    ],
)
def test_more_than_the_threshold_is_refused(
    text: str, numbers: dict[str, int], *, allowed: bool
) -> None:
    threshold = Threshold.parse(text)
    if allowed:
        threshold.check(plan(**numbers))
    else:
        with pytest.raises(RefusedError, match="nothing was changed"):
            threshold.check(plan(**numbers))


@pytest.mark.parametrize("text", ["", "x", "-1", "101%", "1.5", "30 %"])
def test_what_is_no_threshold_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        Threshold.parse(text)


def test_another_id_is_told_as_another_url() -> None:
    come, go = (
        Change(operation, "gateway", name)
        for operation, name in ((Operation.CREATE, "new"), (Operation.DELETE, "old"))
    )
    said = "if `old` is `new` under another id: the id is part of the URL"
    assert said in report.plan(Plan((go, come)))
    assert "the URL" not in report.plan(Plan((come,)))
    assert "part of" not in report.plan(Plan((go,)))


def test_a_plan_shows_what_is_lost_last_and_with_its_effect() -> None:
    shown = report.plan(
        Plan(
            (
                Change(Operation.DELETE, "gateway", "old"),
                Change(Operation.UPDATE, "gateway", "b", ("cache_ttl",)),
                Change(Operation.SAME, "gateway", "c"),
                Change(Operation.REPLACE, "gateway", "d"),
            )
        )
    )
    assert shown.splitlines() == [
        "~ update  gateway b: cache_ttl",
        "± replace gateway d (its URL changes, and its logs go)",
        "- delete  gateway old (its URL ends, and its logs go)",
        "plan: 1 same, 1 update, 1 replace, 1 delete",
    ]
