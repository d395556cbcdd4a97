"""Guardrails: what is looked for in prompts and answers, and what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatewright.model.action import Action
from gatewright.model.hazard import Hazard


@dataclass(frozen=True, slots=True)
class Guardrails:
    """The categories that are looked for; all others are ignored."""

    prompt: Mapping[Hazard, Action] = field(default_factory=dict)
    response: Mapping[Hazard, Action] = field(default_factory=dict)
