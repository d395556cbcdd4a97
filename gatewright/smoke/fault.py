"""From the evidence to whose fault it is: one pure function."""

from gatewright.model import Api, Gateway
from gatewright.smoke.checks import Check
from gatewright.smoke.codes import FAULTS
from gatewright.smoke.evidence import Evidence, Trouble
from gatewright.smoke.expectation import (
    EDGE_ERRORS,
    GATEWAY_UNAUTHORIZED,
    PROVIDER_UNAUTHORIZED,
    RATE_LIMITED,
    Expecting,
    is_accepted,
    is_foreign,
    is_let_through,
    is_propagation,
    is_unauthorized,
)
from gatewright.smoke.kind import CACHED_TRIES, Kind
from gatewright.smoke.layer import Fault, Layer
from gatewright.smoke.shape import CUT_OFF

_OK = 200
_NOT_FOUND = 404
_NOT_IMPLEMENTED = 501
_SERVER_ERRORS = range(500, 600)

SHOW_DRIFT = "see with `pulumi preview --refresh` whether it was changed by hand, then `pulumi up`"


def blame(
    check: Check, expecting: Expecting, evidence: Evidence, *, recovered: bool = False
) -> Fault:
    """Whose fault it is that ``evidence`` is not what was expected.

    ``recovered`` says that a later attempt brought what was expected.
    """
    if recovered and is_propagation(expecting, evidence):
        return _PROPAGATION
    if fault := _unanswered(check, evidence):
        return fault
    if expecting is Expecting.REFUSED and (is_let_through(evidence) or is_unauthorized(evidence)):
        return _not_refused(evidence)
    if is_accepted(evidence):
        return _KEY_UNKNOWN if check.kind is Kind.CACHE_KEY else _CACHE[expecting]
    if evidence.flaw and evidence.flaw == CUT_OFF:
        return _BROKEN_OFF
    return _by_code(check, evidence) or _by_answer(check, evidence)


def _unanswered(check: Check, evidence: Evidence) -> Fault | None:
    """Where neither the gateway nor the provider has answered."""
    if check.worker:
        by_script = evidence.trouble in _OF_SCRIPT
        fault = _of_worker(check.worker[0].name, evidence) if by_script else None
    else:
        fault = _FOREIGN_PAGE if is_foreign(evidence) else None
    return fault or (_TROUBLES[evidence.trouble] if evidence.trouble else None)


def _by_answer(check: Check, evidence: Evidence) -> Fault:
    if check.worker:
        return _of_worker(check.worker[0].name, evidence)
    return _by_status(evidence)


def _of_worker(name: str, evidence: Evidence) -> Fault:
    """What a Worker answers that names no code of a gateway or provider."""
    if evidence.trouble is Trouble.REDIRECT:
        return Fault(
            Layer.WORKER,
            f"the worker `{name}` answered with a redirect, which is never followed",
            "if it is to, declare the status under `expect`; if not, look for a login before it",
        )
    if evidence.status == _NOT_FOUND:
        return Fault(
            Layer.WORKER,
            f"the worker `{name}` does not answer at this address",
            "deploy it; a new address on workers.dev takes a minute to be known everywhere",
        )
    if evidence.status == _NOT_IMPLEMENTED:
        return Fault(
            Layer.WORKER,
            f"nothing runs the worker `{name}`: the local Cloudflare has no workerd",
            "install Node.js, whose `npm` fetches it, and start the local Cloudflare anew",
        )
    return Fault(
        Layer.WORKER,
        f"the worker `{name}` did not answer as a script does that works",
        f"look at its logs: `npx wrangler tail {name}`; here `gatewright --verbose emulator`",
    )


def _by_code(check: Check, evidence: Evidence) -> Fault | None:
    code, gateway = evidence.code, check.gateway
    if code == GATEWAY_UNAUTHORIZED and not gateway.authentication:
        return _UNDECLARED_AUTHENTICATION
    if code == PROVIDER_UNAUTHORIZED and _is_known_to_be_refused(check):
        return _EMBEDDINGS_REFUSED
    known = FAULTS.get(code) if code is not None else None
    return _with_limit(known, gateway) if known and code == RATE_LIMITED else known


_PROPAGATION = Fault(
    Layer.PROPAGATION,
    "a new token or gateway was not yet known everywhere",
    "none: it settled by itself within the deadline",
)
_TROUBLES = {
    Trouble.CONNECTION: Fault(
        Layer.NETWORK,
        "there was no connection, or it broke off",
        "check that the host answers from here (a proxy is taken from HTTPS_PROXY); "
        "`gatewright smoke --local` starts the local Cloudflare by itself",
    ),
    Trouble.NAME: Fault(
        Layer.NETWORK,
        "the host's name is not known here",
        "check the gateways' address in the outputs, and the name server",
    ),
    Trouble.TLS: Fault(
        Layer.NETWORK,
        "the host's certificate is not trusted",
        "if a proxy opens TLS here, name its certificate in SSL_CERT_FILE",
    ),
    Trouble.PROXY: Fault(
        Layer.NETWORK,
        "the proxy refused the connection",
        "check HTTPS_PROXY and NO_PROXY",
    ),
    Trouble.TIMEOUT: Fault(
        Layer.PROVIDER,
        "the connection stood, but no whole answer came in time",
        "look at the request in the gateway's logs; try again later",
    ),
    Trouble.REDIRECT: Fault(
        Layer.NETWORK,
        "something in between answered with a redirect, which is never followed",
        "check the gateways' address in the outputs, and proxies or logins in between",
    ),
    Trouble.OVERSIZED: Fault(
        Layer.PROVIDER,
        "the answer is larger than any model's to such a call",
        "call it by hand and look at what it sends",
    ),
    Trouble.ENCODING: Fault(
        Layer.PROVIDER,
        "the answer is in an encoding that was not asked for",
        "call it by hand and look at what it sends",
    ),
}
#: What a script can have done, where one is called.
_OF_SCRIPT = frozenset({
    Trouble.TIMEOUT, Trouble.REDIRECT, Trouble.OVERSIZED, Trouble.ENCODING,
})  # fmt: skip
_CACHE = {
    Expecting.HIT: Fault(
        Layer.GATEWAY,
        f"caching is declared, but {CACHED_TRIES} identical calls brought no HIT",
        SHOW_DRIFT,
    ),
    Expecting.NO_HIT: Fault(
        Layer.GATEWAY,
        "the answer came from the cache, which is declared off for this endpoint",
        SHOW_DRIFT,
    ),
    Expecting.UNSEEN: Fault(
        Layer.GATEWAY,
        "a body that was never sent before was answered from the cache",
        "call it by hand: the cache tells bodies apart by something else than their content",
    ),
}
_KEY_UNKNOWN = Fault(
    Layer.GATEWAY,
    "the declared cache key brought no HIT for another body: the gateway goes by something else",
    "check that nothing in between removes the header `cf-aig-cache-key`",
)
_BROKEN_OFF = Fault(
    Layer.PROVIDER,
    "the stream broke off: its last event is missing",
    "call it by hand with `curl --no-buffer`; guardrails and DLP hold streams up, too",
)
_UNDECLARED_AUTHENTICATION = Fault(
    Layer.GATEWAY,
    "the gateway wants a token, although `authentication: false` is declared",
    SHOW_DRIFT,
)
_EMBEDDINGS_REFUSED = Fault(
    Layer.GATEWAY,
    "Cloudflare refuses the OpenAI-compatible embeddings on gateways with authentication",
    "declare the endpoint with `api: run`; if it was served before, check the token",
)
_FOREIGN_PAGE = Fault(
    Layer.NETWORK,
    "something in between answered with a page of its own",
    "check proxies, firewalls and logins between here and the gateway; with a header `cf-ray` it "
    "is Cloudflare's own: try again later",
)


def _not_refused(evidence: Evidence) -> Fault:
    if is_let_through(evidence):
        sentence = "the gateway is open: it served a request that it should have refused"
    else:
        sentence = "the request was refused, but not by the gateway's own authentication"
    return Fault(Layer.GATEWAY, sentence, SHOW_DRIFT)


def _is_known_to_be_refused(check: Check) -> bool:
    """Seen by one observer: 401 with 10000 there, while chat on the same gateway worked."""
    return check.gateway.authentication and check.endpoint.api is Api.EMBEDDINGS


def _with_limit(fault: Fault, gateway: Gateway) -> Fault:
    rate = gateway.rate_limiting
    if rate is None:
        return fault._replace(
            layer=Layer.GATEWAY, sentence="a rate limit is reached, though none is declared"
        )
    declared = f"{fault.sentence}: {rate.limit} requests in {rate.interval} s"
    return fault._replace(sentence=declared)


def _by_status(evidence: Evidence) -> Fault:
    """Without a code that we know."""
    status = evidence.status or 0
    if status == _OK != evidence.wanted:
        return _OTHER_STATUS
    if evidence.flaw:
        return Fault(
            Layer.PROVIDER,
            "the answer does not have the shape that its API and model promise",
            "call it by hand; if the model is another kind, correct the endpoint's `model`",
        )
    if status in EDGE_ERRORS:
        return Fault(
            Layer.GATEWAY, "Cloudflare's edge could not reach the gateway", "try again later"
        )
    if status in _SERVER_ERRORS:
        return Fault(
            Layer.PROVIDER,
            f"the provider failed with status {status}",
            "try again later, and look at the provider's status page",
        )
    return _BY_STATUS.get(status, _UNKNOWN_REFUSAL)


_BY_STATUS = {
    401: Fault(Layer.TOKEN, "the token was refused", "check the token's permissions and expiry"),
    402: FAULTS[2021],
    403: Fault(
        Layer.TOKEN,
        "the token may not do this, or a policy of the gateway forbids it",
        "check the token's permissions and the gateway's policies",
    ),
    404: FAULTS[7003],
    407: _TROUBLES[Trouble.PROXY],
    408: FAULTS[3007],
    413: FAULTS[3006],
    429: Fault(Layer.PROVIDER, "the provider's rate limit is reached", "try again in a minute"),
}
_OTHER_STATUS = Fault(
    Layer.GATEWAY,
    "the call was answered, although the endpoint declares another status",
    f"{SHOW_DRIFT}; if 200 is right, remove `expect.status`",
)
_UNKNOWN_REFUSAL = Fault(
    Layer.SPEC,
    "the call was not taken as it is declared",
    "compare the endpoint with its model's page",
)
