"""SARIF 2.1.0: each effect at the object it is about, for code scanning."""

import json
from collections.abc import Iterator
from typing import Any

from gatewright import __version__
from gatewright.model import Location
from gatewright.review.difference import Difference, Risk
from gatewright.review.revision import Review, StackReview

_LEVELS = {Risk.LOW: "note", Risk.MEDIUM: "warning", Risk.HIGH: "error"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(review: Review) -> str:
    """One run; what is removed has no place any more and is told without one."""
    run = {
        "tool": {
            "driver": {
                "name": "gatewright review",
                "version": __version__,
                "rules": [
                    {
                        "id": f"review-{risk.word}",
                        "shortDescription": {"text": f"a change with {risk.word} risk"},
                    }
                    for risk in _LEVELS
                ],
            }
        },
        "results": [result for stack in review.stacks for result in _results(stack)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _results(stack: StackReview) -> Iterator[dict[str, Any]]:
    places = _places(stack)
    for each in stack.differences:
        for effect in each.effects:
            if effect.risk in _LEVELS:
                where = places.get((each.kind, each.key))
                said = f"{each.kind} `{each.key}` {each.operation}: {effect.said}"
                yield {
                    "ruleId": f"review-{effect.risk.word}",
                    "level": _LEVELS[effect.risk],
                    "message": {"text": said},
                    "partialFingerprints": {"change/v1": _fingerprint(each, effect.said)},
                } | ({"locations": [_location(where)]} if where else {})


def _places(stack: StackReview) -> dict[tuple[str, str], Location]:
    after = stack.after
    declared = {
        **{("gateway", each.id): each.source for each in after.gateways},
        **{("token", each.name): each.source for each in after.tokens},
        **{("custom provider", each.slug): each.source for each in after.custom_providers},
        **{("worker", each.name): each.source for each in after.workers},
    }
    return {key: source.location for key, source in declared.items() if source}


def _fingerprint(each: Difference, said: str) -> str:
    return f"{each.kind}/{each.key}/{said}"


def _location(where: Location) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": where.file},
            "region": {"startLine": where.line, "startColumn": where.column},
        }
    }
