"""Who is at fault."""

from enum import StrEnum
from typing import NamedTuple


class Layer(StrEnum):
    """Where a fault is to be mended."""

    SPEC = "spec"
    TOKEN = "token"  # noqa: S105  # a layer's name
    GATEWAY = "gateway"
    PROVIDER = "provider"
    WORKER = "worker"
    NETWORK = "network"
    PROPAGATION = "propagation"
    RUN = "run"


class Fault(NamedTuple):
    """One sentence that says what is wrong, and the next step."""

    layer: Layer
    sentence: str
    next_step: str
