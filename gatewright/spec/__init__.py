"""The spec language: YAML files → a ``Deployment``, or findings.

    loaded = spec.load(root, stack="prod")
    loaded.deployment                   # None if a finding is an error
    spec.report.text(loaded, paint)     # for people
    spec.check(root)                    # without any stack, and for each that a file names

A bad file is a finding, never an exception: the other files are still checked.
"""

from typing import TYPE_CHECKING

from gatewright.lazy import names_of
from gatewright.spec import files, report
from gatewright.spec.files import Held, SpecFile, standard_input
from gatewright.spec.loading import check, declared, load, stacks
from gatewright.spec.result import Loaded, Suppressed
from gatewright.spec.schemas import schema

if TYPE_CHECKING:
    from gatewright.spec.nodes import yaml_backend
    from gatewright.spec.places import locate
    from gatewright.spec.rules import RULES, Rule
    from gatewright.spec.surveying import Survey, survey

#: What a spec can declare, by the names of the schemas.
KINDS = tuple(kind.schema for kind in files.KINDS)

__all__ = [
    "KINDS",
    "RULES",
    "Held",
    "Loaded",
    "Rule",
    "SpecFile",
    "Suppressed",
    "Survey",
    "check",
    "declared",
    "load",
    "locate",
    "report",
    "schema",
    "stacks",
    "standard_input",
    "survey",
    "yaml_backend",
]

if not TYPE_CHECKING:
    __getattr__ = names_of(
        __name__,
        {
            "RULES": "rules",
            "Rule": "rules",
            "Survey": "surveying",
            "locate": "places",
            "survey": "surveying",
            "yaml_backend": "nodes",
        },
    )
