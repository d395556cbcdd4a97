"""The journal as an SQLite file: an acknowledged write survives ``kill -9``.

Raises `StartError` with one sentence for a file that can't be used.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gatewright.emulator.failure import KeepError, StartError
from gatewright.emulator.records import SqliteRecords

#: Counts up when the table changes; kept in the file's ``user_version``.
_VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  document TEXT NOT NULL,
  UNIQUE (kind, key)
)
"""

_WRITE = """
INSERT INTO object (kind, key, document) VALUES (?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document
"""


class SqliteJournal:
    """Documents in a file that one process at a time has open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            # Gateways can hold other systems' credentials: nobody else may read them.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._prepare()
            self.records = SqliteRecords(self._connection)

    def load(self, kind: str) -> Iterable[tuple[str, dict[str, Any]]]:
        """All documents of a kind, oldest first."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT key, document FROM object WHERE kind = ? ORDER BY position", (kind,)
            ).fetchall()
            return [(key, json.loads(document)) for key, document in rows]

    def write(self, kind: str, key: str, document: dict[str, Any]) -> None:
        """Keep a document; returns when the operating system has it. Raises `KeepError`."""
        with self._writing():
            self._connection.execute(_WRITE, (kind, key, json.dumps(document)))

    def remove(self, kind: str, key: str) -> None:
        """Forget a document. Raises `KeepError`."""
        with self._writing():
            self._connection.execute("DELETE FROM object WHERE kind = ? AND key = ?", (kind, key))

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """All that is written within is kept, or nothing. Raises `KeepError`."""
        with self._writing():
            self._connection.execute("BEGIN")
        try:
            with self._writing(), self._connection:
                yield
        except KeepError:
            # Where SQLite has not undone it by itself, nothing could be written any more.
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise

    @contextlib.contextmanager
    def understood(self) -> Iterator[None]:
        """What is read within is as it was written. Raises `StartError`, and lets the file go."""
        try:
            with self._explained():
                yield
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self.close()
            raise StartError(
                f"cannot use `{self._path}`: what is in it was not written by this emulator, or "
                "is damaged",
                hint="move it away to start with an empty account",
            ) from error
        except StartError:
            self.close()
            raise

    def close(self) -> None:
        """Fold the write-ahead log into the file and unlock it."""
        self._connection.close()

    def _prepare(self) -> None:
        execute = self._connection.execute
        # A second process would answer from a memory of its own.
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("PRAGMA journal_mode = WAL")
        # Enough for the death of the process; a power cut may cost the last writes.
        execute("PRAGMA synchronous = NORMAL")
        (version,) = execute("PRAGMA user_version").fetchone()
        if version not in {0, _VERSION}:
            raise StartError(f"`{self._path}` was written by another version of the emulator")
        execute(_SCHEMA)
        execute(f"PRAGMA user_version = {_VERSION}")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise KeepError(f"cannot write `{self._path}`: {error}") from error

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            # Python's own errors of this kind have no code.
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                message = f"`{self._path}` is in use by another emulator"
                raise StartError(message) from error
            raise StartError(f"cannot use `{self._path}`: {error}") from error
        except (sqlite3.DatabaseError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise StartError(f"cannot use `{self._path}`: {reason}") from error
