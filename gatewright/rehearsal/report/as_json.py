"""For machines; schemas/rehearse-report.schema.json describes it."""

import json
from typing import Any

from gatewright import __version__, deploy, readback
from gatewright.deploy import Change
from gatewright.rehearsal.report import words
from gatewright.rehearsal.result import Result
from gatewright.review.report.as_json import finding_object
from gatewright.smoke.report.as_json import as_json as smoke_json

#: Raised when a field is removed or changes its meaning; new fields do not raise it.
VERSION = 1


def as_json(result: Result) -> str:
    """A document that the schema describes."""
    document = {
        "version": VERSION,
        "gatewright": __version__,
        "exit_code": int(result.exit_code),
        "verdict": words.verdict(result),
        "stack": result.stack,
        "before": result.before,
        "after": result.after,
        "engine": result.engine,
        "provider": result.provider,
        "notes": [*result.notes],
        "findings": [finding_object(each) for each in result.findings],
        "plan": {
            "changes": [_change(each) for each in result.changes],
            "counts": {str(name): count for name, count in result.plan.counts.items()},
            "deployed": result.plan.deployed,
        }
        if result.plan
        else None,
        "problems": [*deploy.report.problem_objects(result.problems, result.places.get)],
        "verify": json.loads(readback.report.as_json(result.verified)) if result.verified else None,
        "smoke": json.loads(smoke_json(result.smoked)) if result.smoked else None,
        "teardown": {
            "left": None if result.left is None else [*result.left],
            "kept": [*result.kept],
            "problems": [
                *deploy.report.problem_objects(result.teardown_problems, result.places.get)
            ],
        },
        "phases": [
            {"name": name, "seconds": round(seconds, 3)} for name, seconds in result.seconds
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _change(each: Change) -> dict[str, Any]:
    return {
        **deploy.report.change_object(each),
        "properties": [
            {
                "path": one.path,
                "before": one.before,
                "after": one.after,
                "replaces": one.replaces,
            }
            for one in each.properties
        ],
    }
