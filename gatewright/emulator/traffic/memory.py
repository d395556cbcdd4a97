"""What the gateway endpoint remembers between requests.

Logs, spent dollars and figures go to the data file in batches, where there is one;
kept answers and counted requests end with the process.
"""

import math
import time
from collections.abc import Iterable
from typing import Any, Protocol

from gatewright.emulator.failure import KeepError
from gatewright.emulator.traffic.cache import Cache
from gatewright.emulator.traffic.limits import Counters, Limiter
from gatewright.emulator.traffic.logbook import Logbook, LogEntry
from gatewright.emulator.traffic.spend import Ledger
from gatewright.emulator.traffic.statistics import Ended, Figures, Statistics
from gatewright.emulator.traffic.switches import Switches

#: Calls after which a batch is written at the latest.
_BATCH = 256


class Records(Protocol):
    """Where what happened is kept, a batch at a time."""

    def logs(self) -> Iterable[LogEntry]:
        """The logs that were kept, oldest first."""

    def summaries(self) -> Iterable[tuple[str, dict[str, Any]]]:
        """What was kept of each gateway."""

    def keep(
        self, logs: dict[str, LogEntry | None], summaries: dict[str, dict[str, Any] | None]
    ) -> None:
        """Keep all of it or nothing; ``None`` is forgotten. Raises `KeepError`."""


class Memory:
    """Kept answers, counted requests and dollars, logs, figures; and what is wrong on purpose."""

    def __init__(self, records: Records | None = None, known: frozenset[str] = frozenset()) -> None:
        """Take up what was kept of the ``known`` gateways."""
        self.cache = Cache()
        self.limiter = Limiter()
        self.counters = Counters()
        self.ledger = Ledger()
        self.logs = Logbook()
        self.switches = Switches()
        self.statistics = Statistics()
        self._records = records
        #: By a stop watch: when each gateway was forgotten, and when all were.
        self._forgotten: dict[str, float] = {}
        self._cleared = -math.inf
        self._changed: set[str] = set()
        self._ended = 0
        #: Why the last batch could not be written, if so.
        self.trouble: str | None = None
        if records is not None:
            self._load(records, known)

    def outlives(self, gateway_id: str, started: float) -> bool:
        """Whether a call's gateway was forgotten since it ``started``, by a stop watch.

        What such a call leaves is nobody's, least of all a gateway's made later under that id.
        """
        return started <= max(self._cleared, self._forgotten.get(gateway_id, -math.inf))

    def count(self, gateway_id: str, ended: Ended, started: float) -> None:
        """A call of a gateway has ended, and is logged and charged already.

        Calls past any gateway have none, and are not counted; nor are those that outlive it.
        """
        if not gateway_id or self.outlives(gateway_id, started):
            return
        self.statistics.count(gateway_id, ended)
        if self._records is None:
            return
        self._changed.add(gateway_id)
        self._ended += 1
        if self._ended >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what has changed to the data file, if there is one."""
        if self._records is None or not (self._changed or self.logs.changed):
            return
        self._ended = 0
        summaries = {gateway_id: self._summary(gateway_id) for gateway_id in self._changed}
        try:
            self._records.keep(self.logs.changed or {}, summaries)
        except KeepError as error:  # calls go on, and the next batch is the larger for it
            self.trouble = str(error)
        else:
            self.logs.changed, self._changed, self.trouble = {}, set(), None

    def forget(self, gateway_id: str) -> None:
        """A gateway is gone: one made later under its id starts anew."""
        self._forgotten[gateway_id] = time.perf_counter()
        self._changed.update({gateway_id} & self.statistics.gateways())
        self.cache.invalidate(gateway_id)
        self.limiter.forget(gateway_id)
        self.counters.forget(gateway_id)
        self.ledger.forget(gateway_id)
        self.logs.forget(gateway_id)
        self.statistics.forget(gateway_id)
        self.flush()

    def clear(self) -> None:
        """All gateways are gone."""
        self._forgotten.clear()
        self._cleared = time.perf_counter()
        self._changed |= self.statistics.gateways()
        self.cache.clear()
        self.limiter.clear()
        self.counters.clear()
        self.ledger.clear()
        self.logs.clear()
        self.switches.on.clear()
        self.statistics.clear()
        self.flush()

    def _summary(self, gateway_id: str) -> dict[str, Any] | None:
        if gateway_id not in self.statistics.gateways():
            return None
        figures = self.statistics.of(gateway_id).document()
        return {"figures": figures, "spent": self.ledger.document(gateway_id)}

    def _load(self, records: Records, known: frozenset[str]) -> None:
        """What a sudden end left of a gateway that is gone is forgotten now."""
        gone: dict[str, LogEntry | None] = {}
        for gateway_id, kept in records.summaries():
            if gateway_id in known:
                self.statistics.put(gateway_id, Figures.of(kept["figures"]))
                self.ledger.put(gateway_id, kept["spent"])
            else:
                self._changed.add(gateway_id)
        for entry in records.logs():
            if entry.gateway_id in known:
                self.logs.put(entry)
            else:
                gone[entry.id] = None
        self.logs.changed = gone
        self.flush()
