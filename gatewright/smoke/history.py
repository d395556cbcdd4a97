"""Earlier runs, in one SQLite file: how they ended and how long good answers took."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from gatewright.errors import CouldNotRunError, ExitCode
from gatewright.smoke.latency import latencies
from gatewright.smoke.result import Result

#: Gateway, endpoint, and `HIT` or `MISS`.
Place = tuple[str, str, str]

_KEPT_RUNS = 200
_BUSY_SECONDS = 10

#: Models differ from call to call: less than this is no finding.
_FACTOR = 1.5
_MORE_SECONDS = 0.1

_TABLES = """
CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    stack TEXT NOT NULL,
    revision TEXT NOT NULL,
    exit_code INTEGER NOT NULL,
    seconds REAL NOT NULL,
    requests INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS latency (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    gateway TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    cache TEXT NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (run, gateway, endpoint, cache)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Past:
    """A run of before; ``medians`` are in seconds.

    What it did not measure, since it was of chosen checks, is of good runs before it: ``older``
    says when those started.
    """

    started: datetime
    revision: str
    medians: Mapping[Place, float]
    older: Mapping[Place, datetime]


@dataclass(frozen=True, slots=True)
class Slower:
    """An endpoint whose median went from ``before`` to ``now`` seconds."""

    place: Place
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class History:
    """The file is made when the first run is added; all raise `CouldNotRunError`."""

    file: Path

    def last_good(self, stack: str) -> Past | None:
        """The last run of ``stack`` in which nothing failed, completed by those before it."""
        if not self.file.exists():
            return None
        with self._open() as database:
            row = database.execute(
                "SELECT id, started, revision FROM run WHERE stack = ? AND exit_code = ? "
                "ORDER BY id DESC LIMIT 1",
                (stack, ExitCode.OK),
            ).fetchone()
            if row is None:
                return None
            last, started, revision = row
            # SQLite takes the other columns from the row that has the maximum.
            found = database.execute(
                "SELECT gateway, endpoint, cache, latency.seconds, started, max(run) "
                "FROM latency JOIN run ON run.id = run WHERE stack = ? AND exit_code = ? "
                "GROUP BY gateway, endpoint, cache",
                (stack, ExitCode.OK),
            ).fetchall()
        medians = {(*place, cache): value for *place, cache, value, _, _ in found}
        older = {
            (*place, cache): datetime.fromisoformat(when)
            for *place, cache, _, when, run in found
            if run != last
        }
        return Past(datetime.fromisoformat(started), revision, medians, older)

    def add(self, result: Result) -> None:
        """Keep what `last_good` will ask for; the oldest runs go."""
        deployed = result.deployed
        with self._open() as database:
            number = database.execute(
                "INSERT INTO run (started, stack, revision, exit_code, seconds, requests) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    result.started.isoformat(),
                    deployed.stack,
                    deployed.revision,
                    int(result.exit_code),
                    result.seconds,
                    result.requests,
                ),
            ).lastrowid
            database.executemany(
                "INSERT INTO latency VALUES (?, ?, ?, ?, ?)",
                [(number, *place, value) for place, value in medians(result).items()],
            )
            database.execute(
                "DELETE FROM run WHERE id NOT IN (SELECT id FROM run ORDER BY id DESC LIMIT ?)",
                (_KEPT_RUNS,),
            )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A transaction."""
        try:
            with closing(sqlite3.connect(self.file, timeout=_BUSY_SECONDS)) as database:
                database.execute("PRAGMA foreign_keys = ON")
                # Nobody is to wait for the disk: what a loss of power takes is a comparison.
                database.execute("PRAGMA synchronous = OFF")
                database.executescript(_TABLES)
                with database:
                    yield database
        except sqlite3.Error as error:
            raise CouldNotRunError(
                f"the history of runs `{self.file}` cannot be used: {error}",
                hint="remove the file: only `--compare` needs it",
            ) from error


def medians(result: Result) -> dict[Place, float]:
    """The median of each endpoint's good answers, HIT and MISS apart."""
    return {
        (each.gateway, each.endpoint, cache): median(times)
        for each in latencies(result)
        for cache, times in (("HIT", each.hits), ("MISS", each.misses))
        if times
    }


def slower(result: Result, past: Past) -> tuple[Slower, ...]:
    """What takes half as long again and at least 100 ms more than it did, worst first."""
    found = [
        Slower(place, before, now)
        for place, now in medians(result).items()
        if (before := past.medians.get(place)) is not None
        and now >= before * _FACTOR
        and now >= before + _MORE_SECONDS
    ]
    return tuple(sorted(found, key=lambda each: each.before - each.now))
