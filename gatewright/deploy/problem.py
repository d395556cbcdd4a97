"""What stopped the engine, in sentences: Cloudflare's `errors[]` one by one."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from gatewright.deploy.change import named
from gatewright.stack import Event

#: As our own plugins write an entry of `errors[]`; if it is the only one, after what was done.
_ENTRY = re.compile(
    r"^\s*(?:.*\bCloudflare refused while (?:[^`:]|`[^`]*`)+: )?"
    r"(?:`body\.(?P<path>[^`]+)`: )?(?P<said>.+?) "
    r"\((?:code (?P<code>\d+), )?HTTP (?P<status>\d{3}), (?P<request>[^)]*)\)$"
)
#: As the official plugin writes an answer: the request, the status, the body.
_ANSWER = re.compile(r'(?P<method>[A-Z]+) "(?P<url>[^"]+)": (?P<status>\d{3})[^{]*(?P<body>\{.*)')
#: As the engine refuses to delete or replace what is protected.
_PROTECTED = re.compile(r"(cannot be deleted|unable to (delete|replace) resource)[^.]+protect")
#: What stands before the text of a check or a plugin of ours that refused.
_HOOK = re.compile(r'^(?:Preview failed: )?(?:before hook "[^"]*" failed: )?')
#: What the engine says of a program that ended with another exit code than 0.
_ENDED = "program exited with non-zero exit code"
_NO_STACK = ("no stack selected", "no stack named")
#: As Pulumi tells of a stack that another run holds, and of whose run that is.
_LOCKED = re.compile(r"the stack is currently locked by|Another update is currently in progress")
_BY = re.compile(r"created by \S+ \(pid \d+\) at \S+")
#: The engine warns so of every plugin that is started from PATH, in each run.
_ON_PATH = re.compile(r"using pulumi-\S+ from \$PATH")
#: What the engine adds to every failure and says nothing.
_EMPTY = ("update failed", "preview failed", "1 error occurred", "resource monitor shut down")


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence, whom it is about, and the API's field where an answer names one.

    ``kind`` and ``key`` are empty for what is about no object. ``is_protected`` says that
    the object's own spec refused it, ``is_locked`` that somebody else deploys the stack.
    """

    said: str
    kind: str = ""
    key: str = ""
    path: tuple[str | int, ...] = ()
    code: int | None = None
    is_protected: bool = False
    is_locked: bool = False


def of_event(event: Event) -> Iterator[Problem]:
    """The problems in a diagnostic of the engine; none in what is no error."""
    diagnostic = event.get("diagnosticEvent") or {}
    if diagnostic.get("severity") != "error":
        return
    kind, key = named(diagnostic["urn"]) if diagnostic.get("urn") else ("", "")
    message = _HOOK.sub("", str(diagnostic.get("message", "")).strip())
    if known := _of_the_engine(message, kind, key):
        yield known
        return
    found = [*_answered(message, kind, key)]
    if not found and not any(message.startswith(empty) for empty in _EMPTY):
        found = [Problem(message, kind, key)]
    yield from found


def program_said(event: Event) -> str | None:
    """What the program wrote to its standard error; None in any other event."""
    diagnostic = event.get("diagnosticEvent") or {}
    is_it = diagnostic.get("severity") == "info#err"
    return str(diagnostic.get("message", "")).strip() if is_it else None


def explained(found: Iterable[Problem], program: str) -> tuple[Problem, ...]:
    """A program that only ended says nothing to the engine.

    Why is in the other problems, or in what the program wrote before.
    """
    said = [each for each in found if _ENDED not in each.said]
    if said:
        return tuple(said)
    return tuple(replace(each, said=program) if program else each for each in found)


def _of_the_engine(message: str, kind: str, key: str) -> Problem | None:
    """What the engine itself refuses, in our words."""
    if _PROTECTED.search(message):
        owner, below, _ = key.partition("/")
        whose = f"its gateway `{owner}`" if below else "it"
        said = f"{whose} is protected: nothing may delete or replace it"
        return Problem(said, kind, key, is_protected=True)
    if message.startswith(_NO_STACK):
        return Problem(
            "this backend has no such stack: `pulumi stack ls` lists those there are, "
            "`pulumi stack init` makes one"
        )
    if _LOCKED.search(message):
        by = _BY.search(message)
        said = f"somebody else deploys this stack now ({by[0] if by else 'it is locked'})"
        return Problem(said, is_locked=True)
    return None


def warning(event: Event) -> str | None:
    """What a diagnostic of the engine warns of; None for any other event."""
    diagnostic = event.get("diagnosticEvent") or {}
    message = str(diagnostic.get("message", "")).strip()
    if diagnostic.get("severity") != "warning" or _ON_PATH.match(message):
        return None
    return message


def _answered(message: str, kind: str, key: str) -> Iterator[Problem]:
    for line in message.splitlines():
        if entry := _ENTRY.match(line):
            path = tuple(_step(part) for part in (entry["path"] or "").split(".") if part)
            code = int(entry["code"]) if entry["code"] else None
            said = f"{entry['said']} (code {entry['code']}, HTTP {entry['status']})"
            yield Problem(said if code else line.strip(), kind, key, path, code)
        elif answer := _ANSWER.search(line):
            yield from _entries(answer["body"], answer["status"], kind, key)


def _entries(body: str, status: str, kind: str, key: str) -> Iterator[Problem]:
    try:
        parsed, _ = json.JSONDecoder().raw_decode(body)
        entries: list[dict[str, Any]] = parsed["errors"]
        for entry in entries:
            path = tuple(entry.get("path") or ())[1:]
            said = f"{entry['message']} (code {entry['code']}, HTTP {status})"
            yield Problem(said, kind, key, path, entry["code"])
    except (ValueError, KeyError, TypeError):
        return


def _step(part: str) -> str | int:
    return int(part) if part.isdigit() else part
