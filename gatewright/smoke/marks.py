"""Inputs on which a gateway's guardrails and DLP are to act, and what they are to do."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gatewright.model import Action, Api, Dlp, DlpPolicy, Endpoint, Gateway, Hazard
from gatewright.smoke.kind import Kind
from gatewright.smoke.task import Task, task_of

_BOTH = ("REQUEST", "RESPONSE")


class Mark(NamedTuple):
    """What is put into a call: a text, or what the local Cloudflare takes for one.

    ``text`` is None where nobody has said which text is harmless and still found.
    """

    action: Action
    text: str | None


def marks(gateway: Gateway, endpoint: Endpoint, *, is_local: bool) -> Mapping[Kind, Mark]:
    """What can be checked of the gateway's guardrails and DLP, by the kind of check.

    What is looked for in answers can be brought into one on the local Cloudflare alone:
    there a model quotes what it was asked.
    """
    hazards = _hazard_marks(gateway, endpoint, is_local=is_local)
    return hazards | _dlp_marks(gateway, endpoint, is_local=is_local)


def _hazard_marks(gateway: Gateway, endpoint: Endpoint, *, is_local: bool) -> dict[Kind, Mark]:
    rails, own = gateway.guardrails, gateway.smoke.guardrails
    if rails is None or endpoint.is_streamed:  # guardrails do not look at streams
        return {}
    found: dict[Kind, Mark] = {}
    hazard = _strictest(rails.prompt)
    if hazard is not None and (is_local or rails.prompt[hazard] is Action.BLOCK):
        text = f"[hazard:{hazard}]" if is_local else own
        found[Kind.GUARDRAILS_PROMPT] = Mark(rails.prompt[hazard], text)
    passing = {
        each: action
        for each, action in rails.response.items()
        if rails.prompt.get(each) is not Action.BLOCK
    }
    hazard = _strictest(passing)
    if hazard is not None and is_local and _quotes(endpoint):
        found[Kind.GUARDRAILS_RESPONSE] = Mark(passing[hazard], f"[hazard:{hazard}]")
    return found


def _strictest(actions: Mapping[Hazard, Action]) -> Hazard | None:
    """The first category that is blocked, else the first that is flagged."""
    return min(actions, key=lambda hazard: actions[hazard] is not Action.BLOCK, default=None)


def _dlp_marks(gateway: Gateway, endpoint: Endpoint, *, is_local: bool) -> dict[Kind, Mark]:
    if gateway.dlp is None or not gateway.dlp.enabled:
        return {}
    policies = [policy for policy in _policies(gateway.dlp) if policy.enabled and policy.profiles]
    asked = [policy for policy in policies if "REQUEST" in policy.check]
    found: dict[Kind, Mark] = {}
    if asked:
        policy = min(asked, key=_is_lax)
        text = f"[dlp:{policy.profiles[0]}]" if is_local else gateway.smoke.dlp
        found[Kind.DLP_REQUEST] = Mark(policy.action, text)
    stopped = {name for policy in asked if not _is_lax(policy) for name in policy.profiles}
    answered = [
        (policy.action, name)
        for policy in policies
        if "RESPONSE" in policy.check
        for name in policy.profiles
        if name not in stopped
    ]
    if answered and is_local and _quotes(endpoint):
        action, name = min(answered, key=lambda each: each[0] is not Action.BLOCK)
        found[Kind.DLP_RESPONSE] = Mark(action, f"[dlp:{name}]")
    return found


def _policies(dlp: Dlp) -> Iterable[DlpPolicy]:
    """Both forms as policies; the short one is taken to check both ways."""
    if dlp.policies or dlp.action is None:
        return dlp.policies
    return (DlpPolicy("", dlp.action, _BOTH, dlp.profiles),)


def _is_lax(policy: DlpPolicy) -> bool:
    return policy.action is not Action.BLOCK


def _quotes(endpoint: Endpoint) -> bool:
    """Whether the local Cloudflare's answer repeats what was asked."""
    if endpoint.api is Api.RUN:
        return task_of(endpoint.model) is Task.TEXT_GENERATION
    return endpoint.api is Api.CHAT_COMPLETIONS
