"""Each declared behaviour, broken on purpose: exactly its own check fails, by the right layer."""

from pathlib import Path

import pytest
from smoke.live import declared, failures, run
from smoke.mutations import MUTATIONS, Mutation

from gatewright import smoke

DECLARED = Path(__file__).parent / "declared"


def test_on_a_sound_emulator_all_pass() -> None:
    result = run(declared(DECLARED))
    assert [
        (one.check.id, one.fault)
        for one in result.verdicts
        if one.status is not smoke.Status.PASSED
    ] == []
    assert result.requests == result.budget.planned


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.what}-{one.kind}")
def test_exactly_the_broken_behaviour_fails(mutation: Mutation) -> None:
    result = run(declared(DECLARED, mutation.gateway), mutation.broken)
    assert failures(result) == {mutation.check: mutation.layer}
