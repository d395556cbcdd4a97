"""Logs and figures in the data file, a batch at a time: a sudden end costs the last second."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from gatewright.emulator.failure import KeepError
from gatewright.emulator.traffic.logbook import LogEntry

#: Logs in the file: the newest of all gateways together.
MAX_LOGS = 10_000

_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS log (
      id TEXT PRIMARY KEY,
      entry TEXT NOT NULL,
      request BLOB,
      response BLOB
    )
    """,
    "CREATE TABLE IF NOT EXISTS summary (gateway TEXT PRIMARY KEY, document TEXT NOT NULL)",
)

_WRITE_LOG = """
INSERT INTO log (id, entry, request, response) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  entry = excluded.entry, request = excluded.request, response = excluded.response
"""

_WRITE_SUMMARY = """
INSERT INTO summary (gateway, document) VALUES (?, ?)
ON CONFLICT (gateway) DO UPDATE SET document = excluded.document
"""

#: Ids begin with the time.
_TRIM = "DELETE FROM log WHERE id <= (SELECT id FROM log ORDER BY id DESC LIMIT 1 OFFSET ?)"

_BODIES = ("request", "response")
_PLAIN = tuple(field.name for field in fields(LogEntry) if field.name not in _BODIES)


class SqliteRecords:
    """The tables of what happened, on a connection that somebody else opens and closes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in _SCHEMA:
            connection.execute(statement)

    def logs(self) -> Iterator[LogEntry]:
        """The logs that were kept, oldest first."""
        rows = self._connection.execute("SELECT entry, request, response FROM log ORDER BY id")
        for entry, request, response in rows:
            yield LogEntry(**json.loads(entry), request=request, response=response)

    def summaries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What was kept of each gateway."""
        for gateway_id, document in self._connection.execute("SELECT * FROM summary"):
            yield gateway_id, json.loads(document)

    def keep(
        self, logs: dict[str, LogEntry | None], summaries: dict[str, dict[str, Any] | None]
    ) -> None:
        """Keep all of it or nothing; ``None`` is forgotten. Raises `KeepError`."""
        try:
            self._keep(logs, summaries)
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise KeepError(f"cannot write logs and figures: {error}") from error

    def _keep(
        self, logs: dict[str, LogEntry | None], summaries: dict[str, dict[str, Any] | None]
    ) -> None:
        connection = self._connection
        gone = [(key,) for key, entry in logs.items() if entry is None]
        kept = [_row(entry) for entry in logs.values() if entry is not None]
        without = [(key,) for key, document in summaries.items() if document is None]
        written = [(key, json.dumps(document)) for key, document in summaries.items() if document]
        connection.execute("BEGIN")
        with connection:
            connection.executemany("DELETE FROM log WHERE id = ?", gone)
            connection.executemany(_WRITE_LOG, kept)
            connection.execute(_TRIM, (MAX_LOGS,))
            connection.executemany("DELETE FROM summary WHERE gateway = ?", without)
            connection.executemany(_WRITE_SUMMARY, written)


def _row(entry: LogEntry) -> tuple[str, str, bytes | None, bytes | None]:
    plain = json.dumps({name: getattr(entry, name) for name in _PLAIN})
    return entry.id, plain, entry.request, entry.response
