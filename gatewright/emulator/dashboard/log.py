"""One log: what was asked, what was answered, and what became of it on the way."""

import json

from starlette.responses import Response

from gatewright.emulator.clock import precise_timestamp
from gatewright.emulator.dashboard import figures, layout, parts
from gatewright.emulator.dashboard.gateway import pair
from gatewright.emulator.dashboard.html import Html, join, tag
from gatewright.emulator.dashboard.layout import View
from gatewright.emulator.traffic.logbook import LogEntry

#: Bytes of a body that the page shows.
_SHOWN = 64 * 1024


def show(view: View, entry: LogEntry) -> Response:
    """The page."""
    return layout.page(
        view,
        f"Log {entry.id}",
        tag(
            "p", tag("a", "Gateways", href=layout.HOME), " / ", parts.gateway_link(entry.gateway_id)
        ),
        tag("h1", "Log ", tag("code", entry.id)),
        tag("dl", *_pairs(entry), class_="pairs"),
        layout.section("Request", _body(entry.request, entry.request_size), name="request"),
        layout.section("Response", _body(entry.response, entry.response_size), name="response"),
    )


def _pairs(entry: LogEntry) -> list[Html]:
    how = [
        name
        for name, holds in (
            ("from the cache", entry.cached),
            ("authenticated gateway", entry.authentication),
            ("stored key", entry.byok),
            ("unified billing", entry.wholesale),
        )
        if holds
    ]
    given = (
        ("Time", precise_timestamp(entry.created)),
        ("Status", parts.status(entry)),
        ("Provider", entry.provider),
        ("Model", entry.model or figures.NONE),
        ("Path", tag("code", entry.path)),
        ("Latency", figures.milliseconds(entry.duration)),
        ("Tokens", f"{figures.count(entry.tokens_in)} in, {figures.count(entry.tokens_out)} out"),
        ("Cost", figures.dollars(entry.cost)),
        ("How", ", ".join(how) or figures.NONE),
        ("Step", entry.step),
        ("DLP", entry.dlp_action or "no finding"),
        ("Event id", entry.event_id or figures.NONE),
        ("Metadata", json.dumps(entry.metadata) if entry.metadata else figures.NONE),
        ("User agent", entry.user_agent or figures.NONE),
        ("Feedback", figures.NONE if entry.feedback is None else f"{entry.feedback:g}"),
        ("Score", figures.NONE if entry.score is None else f"{entry.score:g}"),
    )
    return [pair(name, value) for name, value in given]


def _body(content: bytes | None, size: int) -> Html:
    if content is None:
        return tag("p", f"{figures.size(size)}, not kept", class_="note")
    shown = tag("pre", tag("code", _readable(content[:_SHOWN])), tabindex=0)
    note = f"the first {figures.size(_SHOWN)} of " if size > _SHOWN else ""
    return join(tag("p", f"{note}{figures.size(size)}", class_="note"), shown)


def _readable(content: bytes) -> str:
    """JSON indented; anything else as it is."""
    text = content.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
