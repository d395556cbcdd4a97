"""What the account really holds, beside what is declared.

A clean plan is no proof: the plan compares with the state, and a write that was
answered with success may have kept nothing. Here each object is read back and
compared field by field, and a field that the API does not return is never called
the same.
"""

from gatewright.readback import report
from gatewright.readback.compare import gateway, token
from gatewright.readback.read import AUTOMATIC, Live, read
from gatewright.readback.reading import Field, Reading, Result, Verdict

__all__ = [
    "AUTOMATIC",
    "Field",
    "Live",
    "Reading",
    "Result",
    "Verdict",
    "gateway",
    "read",
    "report",
    "token",
]
