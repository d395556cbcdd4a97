"""The page, of tables, claims, notes and proofs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gatewright.emulator.control import PREFIX
from gatewright.emulator.fidelity import fields, tables
from gatewright.emulator.fidelity.behaviours import BEHAVIOURS
from gatewright.emulator.fidelity.claim import SOURCES, Claim, Standing
from gatewright.emulator.fidelity.notes import Note

#: What a test shows of the tables as a whole.
ENDPOINTS, FIELDS, ANSWERS = "tables.endpoints", "tables.fields", "tables.answers"
_UNVERIFIED = Standing.UNVERIFIED
TABLES = (ENDPOINTS, FIELDS, ANSWERS)

_HEAD = """\
# How true the local Cloudflare is

Written by `python -m gatewright.emulator.fidelity` from the emulator's own tables, from what its
code says of itself, and from the tests; a test keeps it up to date. Nobody here has asked a real
account.

- **same**: a source says that Cloudflare does so, and a test shows that the emulator does too.
- **differs**: on purpose, and how.
- **not modelled**: Cloudflare has it, the emulator does not.
- **unverified**: no source that we know says what Cloudflare does.
"""


def claims() -> Iterator[Claim]:
    """All claims about behaviour."""
    for area in BEHAVIOURS.values():
        yield from area


def page(
    document: Mapping[str, Any], notes: Iterable[Note], proofs: Mapping[str, list[str]]
) -> str:
    """Markdown."""
    counts: Counter[Standing] = Counter()
    sections = [
        _behaviours(proofs, counts),
        _endpoints(document, proofs, counts),
        _fields(document, proofs, counts),
        _notes(notes, counts),
    ]
    total = "".join(f"| {standing.value} | {counts[standing]} |\n" for standing in Standing)
    sources = "".join(f"| {tag} | {text} |\n" for tag, text in SOURCES.items())
    return "\n".join(
        [
            _HEAD,
            f"| standing | rows |\n| --- | --- |\n{total}",
            f"| source | what |\n| --- | --- |\n{sources}",
            *sections,
        ]
    )


def _behaviours(proofs: Mapping[str, list[str]], counts: Counter[Standing]) -> str:
    lines = ["## Behaviour\n"]
    for area, found in BEHAVIOURS.items():
        lines.append(f"### {area}\n")
        lines.append("| what | standing | source | shown by |\n| --- | --- | --- | --- |")
        for claim in found:
            counts[claim.standing] += 1
            shown = _shown(proofs.get(claim.key, ()))
            standing = claim.standing.value
            lines.append(f"| {claim.text} | {standing} | {_tags(claim.source)} | {shown} |")
        lines.append("")
    return "\n".join(lines)


def _endpoints(
    document: Mapping[str, Any], proofs: Mapping[str, list[str]], counts: Counter[Standing]
) -> str:
    shown = _shown([*proofs.get(ENDPOINTS, ()), *proofs.get(ANSWERS, ())])
    lines = [
        "## Endpoints of the account API\n",
        f"The tests of all: {shown}.\n",
        "| endpoint | needs | standing | source |\n| --- | --- | --- | --- |",
    ]
    for name, operation in operations(document):
        source = tables.BEYOND_SDK.get(name, "PY")
        standing = _of_endpoint(operation, source)
        counts[standing] += 1
        needs = operation.get("description", "").removeprefix("Needs ").removesuffix(".")
        lines.append(f"| `{name}` | {needs} | {standing.value} | {_tags(source)} |")
    return "\n".join([*lines, ""])


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The endpoints of the account API: method and path, and what the document says."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if path.startswith(PREFIX) and operation["tags"] != ["Models"]:
                yield f"{method.upper()} {path.removeprefix(PREFIX)}", operation


def _of_endpoint(operation: Mapping[str, Any], source: str) -> Standing:
    if "501" in operation["responses"]:
        return Standing.NOT_MODELLED
    return Standing.SAME if source else Standing.UNVERIFIED


def _fields(
    document: Mapping[str, Any], proofs: Mapping[str, list[str]], counts: Counter[Standing]
) -> str:
    lines = [
        "## Fields of requests\n",
        "Where a body is the same, its names, types, enumerations and what is required are those",
        "of the SDK [PY], its bounds documented [OAS, DOC, DIST]; the tests of all:",
        f"{_shown(proofs.get(FIELDS, ()))}. A default without a source is a guess. The bodies of",
        "other endpoints are compared with nothing. Of an upload it is the part that is JSON.\n",
    ]
    known = {body.name: body for body in tables.BODIES}
    for name, operation in operations(document):
        rows = list(fields.rows(fields.body_of(operation)))
        if not rows or name.partition(" ")[2].startswith("/user"):
            continue
        lines.append(f"### `{name}`\n")
        lines.append("| field | takes | default | standing |\n| --- | --- | --- | --- |")
        lines += [_field(row, known.get(name), counts) for row in rows]
        lines.append("")
    return "\n".join(lines)


def _field(row: fields.Row, body: tables.Body | None, counts: Counter[Standing]) -> str:
    differs = body.differences.get(row.path) if body else None
    guessed = body.guesses.get(row.path) if body else None
    known = body.bounds.get(row.path, {}) if body else {}
    ours = "" if row.bounds.items() <= known.items() else "the bound is ours"
    why = differs or guessed or (ours if body else None)
    standing = Standing.DIFFERS if differs else Standing.SAME if body and not why else _UNVERIFIED
    counts[standing] += 1
    said = f"{standing.value}: {why}" if why else standing.value
    takes = row.takes.replace("|", "\\|")
    must = _MUST.get(row.forms) or _default(row)
    return f"| `{row.path}` | {takes} | {must} | {said} |"


_MUST = {"all": "**required**", "some": "**required** in some forms"}


def _default(row: fields.Row) -> str:
    if row.default is None:
        return ""
    source = tables.KNOWN_DEFAULTS.get(row.path, "")
    value = str(row.default).lower() if isinstance(row.default, bool) else row.default
    return f"`{value}` {_tags(source) or '(unverified)'}"


def _notes(notes: Iterable[Note], counts: Counter[Standing]) -> str:
    lines = [
        "## What the code says of itself\n",
        "Where the emulator differs, or had to guess.\n",
        "| where | standing | what |\n| --- | --- | --- |",
    ]
    for note in notes:
        counts[note.standing] += 1
        text = note.text.replace("|", "\\|")
        lines.append(f"| `{note.place}` | {note.standing.value} | {text} |")
    return "\n".join([*lines, ""])


def _shown(places: Iterable[str]) -> str:
    return ", ".join(f"`{place.partition('::')[2]}`" for place in places)


def _tags(source: str) -> str:
    return f"[{', '.join(source.split())}]" if source else ""
