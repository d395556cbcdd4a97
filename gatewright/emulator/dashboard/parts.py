"""Parts that several pages have: tiles, the chart, the table of logs."""

from collections.abc import Iterable
from urllib.parse import quote

from gatewright.emulator.dashboard import figures
from gatewright.emulator.dashboard.html import Child, Html, join, tag
from gatewright.emulator.dashboard.layout import PREFIX
from gatewright.emulator.traffic.logbook import LogEntry
from gatewright.emulator.traffic.statistics import MINUTES, Figures

_HEIGHT = 48
_STEP = 10


def gateway_path(gateway_id: str) -> str:
    """Where a gateway's page is."""
    return f"{PREFIX}/gateways/{quote(gateway_id, safe='')}"


def gateway_link(gateway_id: str) -> Html:
    """To a gateway's page."""
    return tag("a", gateway_id, href=gateway_path(gateway_id), title=gateway_id)


def tiles(shown: Figures) -> Html:
    """The figures that matter most."""
    tokens = f"{figures.count(shown.tokens_in)} in, {figures.count(shown.tokens_out)} out"
    return tag(
        "dl",
        _tile("Requests", figures.count(shown.requests), _last(shown)),
        _tile(
            "Cache hit rate",
            figures.share(shown.cached, shown.requests),
            f"{figures.count(shown.cached)} from the cache",
        ),
        _tile(
            "Errors",
            figures.share(shown.failed, shown.requests),
            f"{figures.count(shown.failed)} failed",
        ),
        _tile(
            "Latency",
            figures.milliseconds(shown.percentile(0.5)),
            f"median; 95% within {figures.milliseconds(shown.percentile(0.95))}",
        ),
        _tile("Tokens", figures.count(shown.tokens_in + shown.tokens_out), tokens),
        _tile("Spend", figures.dollars(shown.cost), "by the models' list prices"),
        class_="tiles",
    )


def chart(shown: Figures, now: float) -> Html:
    """Requests a minute, the last hour: hits, failures and the rest on one another."""
    this = int(now) // 60
    minutes = [
        (minute, shown.minutes.get(minute)) for minute in range(this - MINUTES + 1, this + 1)
    ]
    counted = [one for _, one in minutes if one]
    highest = max((one[0] for one in counted), default=0)
    total = sum(one[0] for one in counted)
    label = f"{figures.count(total)} requests in the last hour, at most {highest} a minute"
    bars = [
        bar
        for index, (_, one) in enumerate(minutes)
        if one
        for bar in _bars(index * _STEP, one, _HEIGHT / max(highest, 1))
    ]
    base = tag("line", x1=0, x2=MINUTES * _STEP, y1=_HEIGHT, y2=_HEIGHT, class_="base")
    picture = tag(
        "svg",
        tag("title", label),
        *bars,
        base,
        viewBox=f"0 0 {MINUTES * _STEP} {_HEIGHT + 1}",
        preserveAspectRatio="none",
        role="img",
    )
    axis = tag(
        "p", tag("span", "an hour ago"), tag("span", "now"), class_="axis note", aria_hidden="true"
    )
    legend = tag(
        "figcaption",
        tag("span", "from the cache", class_="key hit"),
        tag("span", "from the provider", class_="key asked"),
        tag("span", "failed", class_="key failed"),
        tag("span", label, class_="note"),
    )
    return tag("figure", picture, axis, legend, class_="chart")


def table(caption: str, heads: Iterable[tuple[str, str]], rows: Iterable[Html]) -> Html:
    """A table; a head is its text and its class, which its cells have too."""
    columns = (tag("th", text, scope="col", class_=kind or None) for text, kind in heads)
    head = tag("thead", tag("tr", *columns))
    named = tag("caption", caption, class_="hidden")
    return tag("table", named, head, tag("tbody", *rows))


def cell(content: Child, kind: str = "") -> Html:
    """A cell of a class."""
    return tag("td", content, class_=kind or None)


def logs(entries: Iterable[LogEntry], caption: str, *, of_one: bool = False) -> Html:
    """Logs, one a row; those ``of_one`` gateway don't say which."""
    heads = [
        ("Time", ""),
        *([] if of_one else [("Gateway", "")]),
        ("Model", "wide"),
        ("Status", ""),
        ("Cache", "wide"),
        ("Latency", "number"),
        ("Tokens", "number wide"),
        ("Cost", "number wide"),
    ]
    return table(caption, heads, (_row(entry, of_one=of_one) for entry in entries))


def status(entry: LogEntry) -> Html:
    """The status, in words where colour alone would say it."""
    word = "ok" if entry.success else "failed"
    return tag("span", f"{entry.status} {word}", class_=f"badge {word}")


def _row(entry: LogEntry, *, of_one: bool) -> Html:
    path = f"{gateway_path(entry.gateway_id)}/logs/{entry.id}"
    return tag(
        "tr",
        tag("th", tag("a", figures.moment(entry.created), href=path), scope="row"),
        None if of_one else cell(gateway_link(entry.gateway_id), "clip"),
        cell(join(entry.model or entry.path, " ", tag("small", entry.provider)), "wide"),
        cell(join(status(entry), tag("small", " hit", class_="narrow") if entry.cached else None)),
        cell(tag("span", "HIT", class_="badge hit") if entry.cached else figures.NONE, "wide"),
        cell(figures.milliseconds(entry.duration), "number"),
        cell(figures.count(entry.tokens_in + entry.tokens_out), "number wide"),
        cell(figures.dollars(entry.cost), "number wide"),
    )


def _tile(name: str, value: str, note: Child) -> Html:
    return tag("div", tag("dt", name), tag("dd", value), tag("dd", note, class_="note"))


def _last(shown: Figures) -> Html:
    return join("last at ", figures.moment(shown.last)) if shown.last else Html("none yet")


def _bars(left: int, counted: list[int], scale: float) -> Iterable[Html]:
    requests, hits, failed = counted
    below = float(_HEIGHT)
    for kind, number in (("hit", hits), ("asked", requests - hits - failed), ("failed", failed)):
        if number:
            below -= number * scale
            yield tag(
                "rect",
                x=left,
                y=round(below, 2),
                width=_STEP - 2,
                height=round(number * scale, 2),
                class_=kind,
            )
