"""Which requests fail on purpose."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class FaultRule:
    """Which requests fail, and how.

    ``path`` is a regular expression found in the undecoded path, ``method`` of
    ``None`` any. Of the matching requests those from the ``nth`` on fail, ``times``
    in number; 0 is for ever. Before ``status``, or before the true answer if there is
    none, comes ``delay`` in seconds; ``retry_after`` is the header of that name beside the
    status. ``reset`` drops the connection; ``die`` is ``kill -9``. ``when`` says whether the
    request has had its effect.

    ``at`` the ``edge`` a client's request fails. At the ``provider`` it is what the
    gateway asks of one, and ``path`` begins with the provider's name: ``reset`` is a
    provider that hangs up, ``delay`` one that is slow, ``status`` its answer.
    """

    path: str = ""
    method: str | None = None
    nth: int = 1
    times: int = 1
    status: int | None = None
    retry_after: int | None = None
    when: str = "before"
    delay: float = 0.0
    reset: bool = False
    die: bool = False
    at: str = "edge"
    seen: int = field(default=0)

    def takes(self, at: str, method: str, path: str) -> bool:
        """Count the request if it matches; true if it is one that fails."""
        if self.at != at or self.method not in {None, method} or not re.search(self.path, path):
            return False
        self.seen += 1
        return self.seen >= self.nth and (not self.times or self.seen < self.nth + self.times)

    def document(self) -> dict[str, Any]:
        """As the rule was given, and how many requests it has ``seen``."""
        return asdict(self)


class Rules:
    """The rules in force."""

    def __init__(self) -> None:
        self.all: list[FaultRule] = []

    def firing(self, at: str, method: str, path: str) -> FaultRule | None:
        """Each rule counts for itself; of those that fire the first acts."""
        if not self.all:
            return None
        firing = [rule for rule in self.all if rule.takes(at, method, path)]
        return firing[0] if firing else None
