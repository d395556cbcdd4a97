"""Each declared behaviour, broken on purpose: exactly its own check fails, by the right layer."""

import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from smoke.live import declared, failures, run
from smoke.mutations import MUTATIONS, Mutation

from gatewright import smoke
from gatewright.emulator.traffic.switches import Switch

DECLARED = Path(__file__).parent / "declared"
PAGE = Path(__file__).parents[2] / "docs" / "smoke-mutations.md"
REWRITE = "GATEWRIGHT_REWRITE_DOCS"

HEAD = """\
# What each smoke check sees

A check that cannot fail proves nothing. Each row is a run of the smoke checks against a local
Cloudflare that does one thing wrong on purpose. Of all the checks of that gateway exactly the
one in the row fails, and it blames the layer in the row; without the fault all pass.

The declarations are in `tests/smoke/declared/`, the faults in `tests/smoke/mutations.py`. This
page is written by their test: `GATEWRIGHT_REWRITE_DOCS=1 python -m pytest tests/smoke`.

| check | what is broken | layer | what it says |
|---|---|---|---|
"""


@cache
def result_of(index: int) -> smoke.Result:
    mutation = MUTATIONS[index]
    return run(declared(DECLARED, mutation.gateway), mutation.broken)


def test_on_a_sound_emulator_all_pass() -> None:
    result = run(declared(DECLARED))
    others = [one for one in result.verdicts if one.status is not smoke.Status.PASSED]
    assert [(one.check.id, one.fault) for one in others] == []
    assert result.requests == result.budget.planned


@pytest.mark.parametrize("index", range(len(MUTATIONS)), ids=[one.what for one in MUTATIONS])
def test_exactly_the_broken_behaviour_fails(index: int) -> None:
    mutation = MUTATIONS[index]
    assert failures(result_of(index)) == {mutation.check: mutation.layer}


def test_every_check_is_seen_to_fail() -> None:
    assert {mutation.kind for mutation in MUTATIONS} == set(smoke.Kind)


def test_every_switch_is_seen_by_a_check() -> None:
    turned = {switch for mutation in MUTATIONS for switch in mutation.broken.switches}
    assert turned == set(Switch)


def test_every_declared_check_runs_where_it_is_broken() -> None:
    kinds = {check.kind for check in smoke.compile_checks(declared(DECLARED))}
    late = {smoke.Kind.RATE_LIMIT, smoke.Kind.RETRIES, smoke.Kind.FALLBACK}
    local = {smoke.Kind.GUARDRAILS_RESPONSE, smoke.Kind.DLP_RESPONSE, smoke.Kind.CACHE_EXPIRES}
    assert kinds == set(smoke.Kind) - late - local - {smoke.Kind.LOG_FOUND}


def row(mutation: Mutation, result: smoke.Result) -> str:
    (verdict,) = result.of(smoke.Status.FAILED, smoke.Status.ERROR)
    assert verdict.fault
    said = verdict.fault.sentence.replace("|", "\\|")
    return f"| `{mutation.kind}` | {mutation.what} | {verdict.fault.layer} | {said} |"


def test_the_page_is_what_was_seen() -> None:
    rows = defaultdict(list)
    for index, mutation in enumerate(MUTATIONS):
        rows[mutation.kind].append(row(mutation, result_of(index)))
    lines = [line for kind in smoke.Kind for line in rows[kind]]
    text = HEAD + "\n".join(lines) + "\n"
    if os.environ.get(REWRITE):
        PAGE.write_text(text)
    assert PAGE.read_text() == text
