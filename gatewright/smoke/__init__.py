"""Smoke checks, compiled from the model and run against what is deployed."""

from typing import TYPE_CHECKING

from gatewright.lazy import names_of
from gatewright.smoke import report
from gatewright.smoke.budget import Budget, budget
from gatewright.smoke.checks import Check, compile_checks
from gatewright.smoke.expected import expected
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.options import Options
from gatewright.smoke.result import Result, Status, Verdict
from gatewright.smoke.run import run
from gatewright.smoke.scope import Scope
from gatewright.smoke.selection import select
from gatewright.smoke.targets import AccountAccess, Targets

if TYPE_CHECKING:
    from gatewright.smoke.history import History, Past, Slower, slower

__all__ = [
    "AccountAccess",
    "Budget",
    "Check",
    "Fault",
    "History",
    "Kind",
    "Layer",
    "Options",
    "Past",
    "Result",
    "Scope",
    "Slower",
    "Status",
    "Targets",
    "Verdict",
    "budget",
    "compile_checks",
    "expected",
    "report",
    "run",
    "select",
    "slower",
]

if not TYPE_CHECKING:
    __getattr__ = names_of(
        __name__, dict.fromkeys(("History", "Past", "Slower", "slower"), "history")
    )
