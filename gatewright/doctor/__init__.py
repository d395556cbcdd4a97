"""What stands between this machine and a deployment: one line each, with its fix.

Nothing is changed, installed or built, and only `GET` is sent.
"""

from gatewright.doctor import report
from gatewright.doctor.examine import Patient, examine
from gatewright.doctor.line import Diagnosis, Level, Line

__all__ = ["Diagnosis", "Level", "Line", "Patient", "examine", "report"]
