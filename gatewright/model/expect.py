"""What an endpoint's answer must be, beyond what its gateway's settings promise."""

from dataclasses import dataclass

#: A way into a JSON document: names of members, indexes of elements.
JsonPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonExpectation:
    """What is at ``path``, as it was ``written``: anything, or what the others say.

    ``equals`` is the very value, ``matches`` a regular expression found in the value as
    text.
    """

    path: JsonPath
    written: str
    equals: bool | float | str | None = None
    matches: str | None = None

    @property
    def expected(self) -> str:
        """What is expected, for people: "`a.b` is `1`"."""
        said = [f"is `{self.equals}`"] if self.equals is not None else []
        said += [f"matches `{self.matches}`"] if self.matches is not None else []
        return f"`{self.written}` {' and '.join(said) or 'is there'}"


@dataclass(frozen=True, slots=True)
class Expect:
    """``latency`` is in milliseconds, ``max_cost`` in US dollars for one call."""

    status: int = 200
    json: tuple[JsonExpectation, ...] = ()
    latency: int | None = None
    max_cost: float | None = None


@dataclass(frozen=True, slots=True)
class SmokeTexts:
    """Harmless texts that the gateway's guardrails and DLP profiles are known to act on."""

    guardrails: str | None = None
    dlp: str | None = None
