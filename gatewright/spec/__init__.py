"""The spec language: YAML files → a ``Deployment``, or findings.

    loaded = spec.load(root)
    loaded.deployment                   # None if a finding is an error
    spec.report.text(loaded, paint)     # for people

A bad file is a finding, never an exception: the other files are still checked.
"""

from gatewright.spec import nodes, report
from gatewright.spec.loading import Loaded, load
from gatewright.spec.rules import RULES, Rule
from gatewright.spec.schemas import schema

#: `libyaml`, or `python`: many times slower.
yaml_backend = nodes.BACKEND

__all__ = ["RULES", "Loaded", "Rule", "load", "report", "schema", "yaml_backend"]
