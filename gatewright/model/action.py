"""What a gateway does with a request or an answer that a check objects to."""

from enum import StrEnum


class Action(StrEnum):
    """As Cloudflare's API writes it."""

    FLAG = "FLAG"
    BLOCK = "BLOCK"
