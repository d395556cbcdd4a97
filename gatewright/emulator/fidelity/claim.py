"""What is claimed, and on whose word."""

from dataclasses import dataclass
from enum import Enum


class Standing(Enum):
    """How something here stands to Cloudflare's own."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_MODELLED = "not modelled"
    UNVERIFIED = "unverified"


#: Who says how Cloudflare behaves.
SOURCES = {
    "PY": "Cloudflare's SDK for Python, 5.9.0, generated from its OpenAPI document",
    "OAS": "the published OpenAPI document, by way of other SDKs generated from it",
    "DOC": "Cloudflare's documentation",
    "CFAI": "Cloudflare's own packages for AI SDKs",
    "WD": "workerd's own code and types",
    "TF": "what the official Terraform and Pulumi providers send and need, recorded",
    "WIRE": "what official clients put on the wire, recorded",
    "DIST": "error codes recorded against the live API by the authors of other SDKs",
    "LIVE": "seen on a live account, by one observer each",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing and how it stands; ``key`` is what tests name, ``source`` keys of `SOURCES`."""

    key: str
    text: str
    source: str = ""
    standing: Standing = Standing.SAME
