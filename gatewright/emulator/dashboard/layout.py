"""What every page has: head, heading, way back, and the headers of its response."""

from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response

from gatewright.emulator.dashboard import figures
from gatewright.emulator.dashboard.html import Html, join, tag

HOME = "/"
PREFIX = "/dashboard"

#: Seconds between two looks: of the script, and of a browser without it.
_LIVE, _REFRESH = 2, 5

#: Nothing from elsewhere, nothing inline, in nobody's frame.
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_FILES = {"style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8"}
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, and when: ``now`` in seconds; ``live`` pages look again by themselves."""

    account_id: str
    now: float
    path: str
    parameters: dict[str, str]
    host: str

    @property
    def live(self) -> bool:
        """Whether the reader has not stopped it."""
        return self.parameters.get("live") != "off"


def page(
    view: View, title: str, *parts: Html | None, status: int = HTTPStatus.OK, live: bool = False
) -> Response:
    """A page; a ``live`` one keeps itself up to date."""
    refreshed = live and view.live
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} · gatewright emulator"),
        tag("link", rel="stylesheet", href=f"{PREFIX}/style.css"),
        # An empty icon: the browser need not ask for one.
        tag("link", rel="icon", href="data:,"),
        tag("noscript", tag("meta", http_equiv="refresh", content=_REFRESH)) if refreshed else None,
        tag("script", src=f"{PREFIX}/live.js", defer=True) if refreshed else None,
    )
    body = tag(
        "body",
        tag("a", "Skip to content", class_="skip", href="#content"),
        _header(view, live=live),
        tag(
            "main",
            *parts,
            id="content",
            tabindex=-1,
            data_live=_LIVE if refreshed else None,
        ),
    )
    text = f"<!doctype html>{tag('html', head, body, lang='en')}"
    content = text.encode("utf-8", "backslashreplace")
    headers = {**_HEADERS, "content-type": "text/html; charset=utf-8"}
    return Response(content, status, headers)


def file(name: str) -> Response | None:
    """The style sheet or the script."""
    kind = _FILES.get(name)
    if kind is None:
        return None
    return Response((_FOLDER / name).read_bytes(), headers={**_HEADERS, "content-type": kind})


def missing(view: View, what: str) -> Response:
    """Not found, with a way on."""
    way = tag("p", "It may have been deleted. ", tag("a", "All gateways", href=HOME))
    return page(view, "Not found", tag("h1", what), way, status=HTTPStatus.NOT_FOUND)


def section(heading: str, *parts: Html | None, name: str) -> Html:
    """A part of a page, known by its heading."""
    return tag("section", tag("h2", heading, id=name), *parts, aria_labelledby=name)


def _header(view: View, *, live: bool) -> Html:
    return tag(
        "header",
        tag(
            "p",
            tag("a", "AI Gateway", href=HOME, class_="home"),
            tag("span", "local emulator", class_="badge"),
        ),
        tag(
            "p",
            join("account ", tag("code", view.account_id), " · ", figures.moment(view.now), " UTC"),
            _switch(view) if live else None,
            class_="about",
        ),
    )


def _switch(view: View) -> Html:
    if view.live:
        return join(" · live, ", tag("a", "pause", href="?live=off"))
    return join(" · paused, ", tag("a", "go on", href=view.path))
