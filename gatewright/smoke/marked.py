"""Whether guardrails and DLP act on an input that they are to act on."""

from gatewright.model import Action
from gatewright.smoke.call import accepted_call, past_the_cache, with_text
from gatewright.smoke.docket import Docket
from gatewright.smoke.evidence import Evidence
from gatewright.smoke.expectation import BLOCKED, Expecting, is_accepted, is_let_through
from gatewright.smoke.expected import mark_of
from gatewright.smoke.fault import SHOW_DRIFT, blame
from gatewright.smoke.kind import Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.session import Session

#: What each is refused with. Source: Cloudflare's documentation of guardrails and of DLP.
_CODES = {
    Kind.GUARDRAILS_PROMPT: 2016,
    Kind.GUARDRAILS_RESPONSE: 2017,
    Kind.DLP_REQUEST: 2029,
    Kind.DLP_RESPONSE: 2030,
}
_FIELDS = {
    Kind.GUARDRAILS_PROMPT: "guardrails",
    Kind.GUARDRAILS_RESPONSE: "guardrails",
    Kind.DLP_REQUEST: "dlp",
    Kind.DLP_RESPONSE: "dlp",
}
_OF_DLP = frozenset({Kind.DLP_REQUEST, Kind.DLP_RESPONSE})


async def check_marked(kind: Kind, docket: Docket, session: Session, nonce: str) -> None:
    """Send one call with the mark and compare what is done about it."""
    check = docket.checks[kind]
    mark = mark_of(check)
    if mark.text is None:
        docket.skip(kind, _undeclared(kind))
        return
    url = session.targets.url(check.gateway, check.endpoint)
    plain = past_the_cache(accepted_call(check.gateway, check.endpoint, url, nonce))
    call = with_text(plain, f"{mark.text} (smoke run {nonce})")
    if call is None:
        docket.skip(kind, _NO_TEXT, plain)
        return
    is_blocked = mark.action is Action.BLOCK
    expecting = Expecting.BLOCKED if is_blocked else Expecting.ACCEPTED
    tries = [await session.send(check, call, expecting)]
    evidence = tries[0][-1].evidence
    fault = _fault(kind, mark.action, evidence)
    if fault is None and evidence.code not in BLOCKED and not is_accepted(evidence):
        fault = blame(check, Expecting.ACCEPTED, evidence)
    seen = f"{evidence}, `cf-aig-dlp` says {evidence.dlp}" if evidence.dlp else str(evidence)
    docket.conclude(kind, call, tries, actual=seen, fault=fault)


def _fault(kind: Kind, action: Action, evidence: Evidence) -> Fault | None:
    """What the gateway did wrong, if it answered."""
    if action is Action.BLOCK:
        is_missed = is_let_through(evidence) or (
            evidence.code in BLOCKED and evidence.code != _CODES[kind]
        )
        return _fault_of(kind, "let a marked input pass") if is_missed else None
    if evidence.code in BLOCKED:
        return _fault_of(kind, "blocked what is declared to be flagged only")
    if kind in _OF_DLP and is_accepted(evidence) and evidence.dlp is None:
        return _fault_of(kind, "did not flag a marked input")
    return None


def _fault_of(kind: Kind, what: str) -> Fault:
    name = _FIELDS[kind]
    return Fault(
        Layer.GATEWAY,
        f"`{name}` {what}",
        f"{SHOW_DRIFT}; on a real account check that `smoke.{name}` is a text they act on",
    )


def _undeclared(kind: Kind) -> Fault:
    name = _FIELDS[kind]
    return Fault(
        Layer.SPEC,
        f"no harmless text is declared on which {name} would act",
        f"declare one as the gateway's `smoke: {{{name}: …}}`, or use `gatewright smoke --local`",
    )


_NO_TEXT = Fault(
    Layer.SPEC,
    "the body has no text that a mark could stand in",
    "declare an endpoint whose body has a prompt, messages, a text or an input",
)
