"""The diagnosis for people and for programs."""

import json
import textwrap
from collections.abc import Iterator

from gatewright.doctor.line import Diagnosis, Level, Line
from gatewright.paint import Paint, Style

_STYLES = {Level.OK: Style.OK, Level.WARN: Style.WARNING, Level.FAIL: Style.ERROR}
_LEVEL_WIDTH = max(map(len, Level)) + 2
_NARROWEST_TEXT = 20


def text(diagnosis: Diagnosis, paint: Paint, width: int) -> str:
    """One entry a line, what is not well with its fix; ``width`` is in columns."""
    topic = max((len(line.topic) for line in diagnosis.lines), default=0) + 2
    lines = [each for line in diagnosis.lines for each in _entry(line, paint, topic, width)]
    counts = ", ".join(f"{diagnosis.count(level)} {level}" for level in Level)
    return "\n".join([*lines, "", counts])


def as_json(diagnosis: Diagnosis) -> str:
    """`exit_code` and `lines`, each with topic, level, text and fix."""
    document = {
        "exit_code": int(diagnosis.exit_code),
        "lines": [
            {"topic": line.topic, "level": str(line.level), "text": line.text, "fix": line.fix}
            for line in diagnosis.lines
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _entry(line: Line, paint: Paint, topic: int, width: int) -> Iterator[str]:
    indent = _LEVEL_WIDTH + topic
    room = max(width - indent, _NARROWEST_TEXT)
    first, *rest = textwrap.wrap(
        line.text, room, break_on_hyphens=False, break_long_words=False
    ) or [""]
    level = paint(line.level.ljust(_LEVEL_WIDTH), _STYLES[line.level])
    yield f"{level}{line.topic.ljust(topic)}{first}"
    if line.fix:
        rest += textwrap.wrap(
            f"fix: {line.fix}", room, break_on_hyphens=False, break_long_words=False
        )
    yield from (" " * indent + each for each in rest)
