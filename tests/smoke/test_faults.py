"""From the evidence to the layer: the table of Cloudflare's codes."""

import pytest
from smoke.scene import endpoint, gateway

from gatewright import smoke
from gatewright.model import Api, RateLimiting
from gatewright.smoke.codes import FAULTS
from gatewright.smoke.evidence import Evidence, Origin, Trouble
from gatewright.smoke.expectation import Expecting
from gatewright.smoke.fault import blame

CHECK = smoke.Check(smoke.Kind.ANSWER, gateway(), endpoint())
OPEN = smoke.Check(smoke.Kind.ANSWER, gateway(authentication=False), endpoint())
LIMITED = smoke.Check(smoke.Kind.ANSWER, gateway(rate_limiting=RateLimiting(1, 60)), endpoint())

GATEWAY_CODES = [
    (2001, 400, "gateway"),
    (2002, 400, "gateway"),
    (2005, 400, "provider"),
    (2008, 400, "spec"),
    (2009, 401, "token"),
    (2016, 424, "spec"),
    (2017, 424, "spec"),
    (2018, 429, "gateway"),
    (2019, 400, "spec"),
    (2021, 402, "gateway"),
    (2029, 424, "spec"),
    (2030, 424, "spec"),
    (2040, 400, "spec"),
    (2040, 403, "spec"),
    (2041, 429, "gateway"),
    (2045, 429, "gateway"),
    (7003, 404, "spec"),
    (7003, 400, "spec"),
    (10000, 401, "token"),
]
PROVIDER_CODES = [
    (10000, 401, "token"),
    (3003, 400, "spec"),
    (3006, 413, "spec"),
    (3007, 408, "provider"),
    (3008, 408, "provider"),
    (3023, 403, "provider"),
    (3036, 429, "provider"),
    (3039, 400, "spec"),
    (3040, 429, "provider"),
    (3041, 403, "provider"),
    (3042, 404, "spec"),
    (5004, 400, "spec"),
    (5005, 405, "spec"),
    (5007, 400, "spec"),
    (5016, 403, "provider"),
    (5018, 403, "provider"),
    (5019, 405, "spec"),
]
STATUSES = [
    (401, "token"),
    (402, "gateway"),
    (403, "token"),
    (404, "spec"),
    (408, "provider"),
    (413, "spec"),
    (418, "spec"),
    (429, "provider"),
    (201, "spec"),
    (500, "provider"),
    (503, "provider"),
    (520, "gateway"),
    (522, "gateway"),
    (524, "gateway"),
]
TROUBLES = {
    Trouble.CONNECTION: "network",
    Trouble.NAME: "network",
    Trouble.TLS: "network",
    Trouble.PROXY: "network",
    Trouble.REDIRECT: "network",
    Trouble.TIMEOUT: "provider",
    Trouble.OVERSIZED: "provider",
    Trouble.ENCODING: "provider",
}


@pytest.mark.parametrize(
    ("origin", "code", "status", "layer"),
    [(Origin.GATEWAY, *row) for row in GATEWAY_CODES]
    + [(Origin.PROVIDER, *row) for row in PROVIDER_CODES],
)
def test_codes(origin: Origin, code: int, status: int, layer: str) -> None:
    fault = blame(CHECK, Expecting.ACCEPTED, Evidence(status, origin=origin, code=code))
    assert fault.layer == layer


@pytest.mark.parametrize(("status", "layer"), STATUSES)
def test_statuses_without_a_code(status: int, layer: str) -> None:
    assert blame(CHECK, Expecting.ACCEPTED, Evidence(status)).layer == layer


@pytest.mark.parametrize("status", [status for status, _ in STATUSES])
def test_a_code_that_nobody_knows_is_judged_by_its_status(status: int) -> None:
    unknown = Evidence(status, origin=Origin.PROVIDER, code=987654)
    known = Evidence(status)
    assert blame(CHECK, Expecting.ACCEPTED, unknown) == blame(CHECK, Expecting.ACCEPTED, known)


@pytest.mark.parametrize("trouble", Trouble)
def test_troubles(trouble: Trouble) -> None:
    for expecting in (Expecting.ACCEPTED, Expecting.REFUSED):
        assert blame(CHECK, expecting, Evidence(trouble=trouble)).layer == TROUBLES[trouble]


def test_the_rate_limit_is_the_specs_if_declared() -> None:
    limited = Evidence(429, origin=Origin.GATEWAY, code=2003)
    assert blame(LIMITED, Expecting.ACCEPTED, limited).layer == "spec"
    assert blame(CHECK, Expecting.ACCEPTED, limited).layer == "gateway"


def test_a_token_wanted_where_none_is_declared_is_the_gateways() -> None:
    refused = Evidence(401, origin=Origin.GATEWAY, code=2009)
    assert blame(OPEN, Expecting.ACCEPTED, refused).layer == "gateway"


def test_embeddings_with_authentication_are_known_to_be_refused() -> None:
    refused = Evidence(401, origin=Origin.PROVIDER, code=10000)
    check = smoke.Check(smoke.Kind.ANSWER, gateway(), endpoint(api=Api.EMBEDDINGS))
    fault = blame(check, Expecting.ACCEPTED, refused)
    assert fault.layer == "gateway"
    assert "api: run" in fault.next_step


def test_a_wrong_shape_is_the_providers() -> None:
    evidence = Evidence(200, flaw="`result` is missing")
    assert blame(CHECK, Expecting.ACCEPTED, evidence).layer == "provider"


@pytest.mark.parametrize(
    ("expecting", "evidence"),
    [
        (Expecting.HIT, Evidence(200, cache="MISS")),
        (Expecting.NO_HIT, Evidence(200, cache="HIT")),
        (Expecting.UNSEEN, Evidence(200, cache="HIT")),
        (Expecting.REFUSED, Evidence(200)),
        (Expecting.REFUSED, Evidence(200, flaw="`result` is missing")),
        (Expecting.REFUSED, Evidence(401, origin=Origin.PROVIDER, code=10000)),
        (Expecting.REFUSED, Evidence(401, origin=Origin.PROVIDER, code=2009)),
    ],
)
def test_what_only_the_gateway_can_have_done(expecting: Expecting, evidence: Evidence) -> None:
    assert blame(CHECK, expecting, evidence).layer == "gateway"


@pytest.mark.parametrize(
    ("expecting", "evidence", "layer"),
    [
        (Expecting.ACCEPTED, Evidence(401, origin=Origin.GATEWAY, code=2009), "propagation"),
        (Expecting.ACCEPTED, Evidence(401, origin=Origin.PROVIDER, code=10000), "propagation"),
        (Expecting.ACCEPTED, Evidence(400, origin=Origin.GATEWAY, code=2001), "propagation"),
        (Expecting.REFUSED, Evidence(200), "propagation"),
        (Expecting.ACCEPTED, Evidence(503), "provider"),
        (Expecting.ACCEPTED, Evidence(trouble=Trouble.CONNECTION), "network"),
    ],
)
def test_what_a_later_attempt_mended(expecting: Expecting, evidence: Evidence, layer: str) -> None:
    assert blame(CHECK, expecting, evidence, recovered=True).layer == layer


def test_every_fault_is_a_sentence_and_a_step_in_the_house_style() -> None:
    faults = [*FAULTS.values(), *(blame(CHECK, Expecting.ACCEPTED, Evidence(s)) for s in (1, 500))]
    for fault in faults:
        for text in (fault.sentence, fault.next_step):
            assert text
            assert not text.endswith(".")
            assert text[0].islower() or text.startswith(("Workers AI", "Cloudflare"))
