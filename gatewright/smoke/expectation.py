"""What a request must bring, and what is worth trying again."""

from enum import StrEnum

from gatewright.smoke.evidence import Evidence, Origin, Trouble

GATEWAY_UNKNOWN = 2001
GATEWAY_UNAUTHORIZED = 2009
PROVIDER_UNAUTHORIZED = 10000

_OK = 200
_UNAUTHORIZED = 401
#: What Cloudflare's edge answers, with a page, where it cannot reach what is behind it.
EDGE_ERRORS = range(520, 530)

#: Statuses of a passing condition. Not 408: there the model was working, and would again.
_PASSING_STATUSES = frozenset({429, 502, 503, 504, 520, 522, 524})

#: 429s that no minute mends: spend limits, and the free daily allowance.
_SPENT = frozenset({2041, 2045, 3036})


#: What guardrails and DLP answer with: to a request, and in place of an answer.
BLOCKED = frozenset({2016, 2017, 2029, 2030})
RATE_LIMITED = 2003


class Expecting(StrEnum):
    """What is expected of a request; the last three are also accepted ones."""

    REFUSED = "refused"
    BLOCKED = "blocked"
    ACCEPTED = "accepted"
    UNSEEN = "unseen"
    HIT = "hit"
    NO_HIT = "no-hit"


def is_met(expecting: Expecting, evidence: Evidence) -> bool:
    """Whether the evidence is what was expected."""
    match expecting:
        case Expecting.REFUSED:
            return (
                evidence.status == _UNAUTHORIZED
                and evidence.origin is Origin.GATEWAY
                and evidence.code == GATEWAY_UNAUTHORIZED
            )
        case Expecting.BLOCKED:
            return evidence.code in BLOCKED
        case Expecting.ACCEPTED:
            return is_accepted(evidence)
        case Expecting.HIT:
            return is_accepted(evidence) and evidence.cache == "HIT"
        case Expecting.UNSEEN | Expecting.NO_HIT:
            return is_accepted(evidence) and evidence.cache != "HIT"


def is_accepted(evidence: Evidence) -> bool:
    """Whether the answer is a good one."""
    is_wanted = evidence.status == evidence.wanted
    return is_wanted and evidence.flaw is None and evidence.trouble is None


def is_let_through(evidence: Evidence) -> bool:
    """Whether the gateway served the request, whatever the answer is worth."""
    return (evidence.status == _OK and not evidence.is_html) or is_accepted(evidence)


def is_foreign(evidence: Evidence) -> bool:
    """Whether it is a page of something in between: of the gateway it says nothing."""
    return evidence.is_html and evidence.status not in EDGE_ERRORS


def is_unauthorized(evidence: Evidence) -> bool:
    """Whether somebody refused the token."""
    return evidence.status == _UNAUTHORIZED


def is_worth_repeating(expecting: Expecting, evidence: Evidence) -> bool:
    """Whether a fresh deployment or a transient fault explains the evidence."""
    return (
        is_propagation(expecting, evidence)
        or evidence.trouble is Trouble.CONNECTION
        or (evidence.status in _PASSING_STATUSES and evidence.code not in _SPENT)
    )


def is_propagation(expecting: Expecting, evidence: Evidence) -> bool:
    """Whether it is what a token or a gateway made a moment ago may answer."""
    if evidence.code == GATEWAY_UNKNOWN:
        return True
    if expecting is Expecting.REFUSED:
        return is_let_through(evidence)
    return is_unauthorized(evidence) and evidence.code in {
        GATEWAY_UNAUTHORIZED,
        PROVIDER_UNAUTHORIZED,
    }
