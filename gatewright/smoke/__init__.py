"""Smoke checks, compiled from the model and run against what is deployed."""

from gatewright.smoke import report
from gatewright.smoke.checks import Budget, Check, Kind, budget, compile_checks
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.options import Options
from gatewright.smoke.result import Result, Status, Verdict
from gatewright.smoke.run import run
from gatewright.smoke.targets import Targets

__all__ = [
    "Budget",
    "Check",
    "Fault",
    "Kind",
    "Layer",
    "Options",
    "Result",
    "Status",
    "Targets",
    "Verdict",
    "budget",
    "compile_checks",
    "report",
    "run",
]
