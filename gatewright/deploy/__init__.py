"""A deployment that stops before it does harm, and says what it left behind.

plan = deploy.preview(stack)              # nothing is changed
threshold.check(plan)                     # raises RefusedError
outcome = deploy.up(stack, on_change)     # changes and problems, as they happen
"""

from gatewright.deploy import ahead, report
from gatewright.deploy.change import TOKENS, Change, Operation, named
from gatewright.deploy.detail import Property
from gatewright.deploy.plan import Plan, reached
from gatewright.deploy.problem import Problem
from gatewright.deploy.run import Outcome, destroy, preview, up
from gatewright.deploy.threshold import Threshold

__all__ = [
    "TOKENS",
    "Change",
    "Operation",
    "Outcome",
    "Plan",
    "Problem",
    "Property",
    "Threshold",
    "ahead",
    "destroy",
    "named",
    "preview",
    "reached",
    "report",
    "up",
]
