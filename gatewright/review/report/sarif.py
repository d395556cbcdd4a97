"""SARIF 2.1.0: each effect at the object it is about, for code scanning."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from gatewright import __version__
from gatewright.model import Location
from gatewright.review.difference import Effect, Risk
from gatewright.review.revision import Review

_LEVELS = {Risk.LOW: "note", Risk.MEDIUM: "warning", Risk.HIGH: "error"}
_PROJECT = "Pulumi.yaml"
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(review: Review, folder: str = "") -> str:
    """One run; what is removed is told where it was.

    ``folder`` is the project's as the readers of file names see it, with a slash.
    """
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
        "results": [*_results(review, folder)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _results(review: Review, folder: str) -> Iterator[dict[str, Any]]:
    """Code scanning takes no result without a place: what is about none is at the project's."""
    for stack in review.stacks:
        for origin in stack.origins:
            for effect in stack.account:
                where = Location(f"{folder}{origin.folder}{_PROJECT}")
                yield _result(effect, effect.said, effect.said, where)
            for each in stack.differences:
                where = origin.place(each.kind, each.key)
                where = where._replace(file=folder + where.file)
                for effect in each.effects:
                    if effect.risk in _LEVELS:
                        said = f"{each.kind} `{each.key}` {each.operation}: {effect.said}"
                        same = f"{each.kind}/{each.key}/{effect.said}"
                        yield _result(effect, said, same, where)


def _result(effect: Effect, said: str, same: str, where: Location) -> dict[str, Any]:
    return {
        "ruleId": f"review-{effect.risk.word}",
        "level": _LEVELS[effect.risk],
        "message": {"text": said},
        "partialFingerprints": {"change/v1": same},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(where.file)},
                    "region": {"startLine": where.line, "startColumn": where.column},
                }
            }
        ],
    }
