"""The first page: all gateways together, each gateway, and the last logs of all."""

from itertools import islice

from starlette.responses import Response

from gatewright.emulator.dashboard import figures, layout, parts
from gatewright.emulator.dashboard.html import Html, join, tag
from gatewright.emulator.dashboard.layout import View
from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.statistics import Figures

#: Gateways and logs on the page.
_GATEWAYS = 50
_LOGS = 20

_HEADS = (
    ("Gateway", ""),
    ("Requests", "number"),
    ("Cache hit rate", "number"),
    ("Errors", "number wide"),
    ("Median", "number wide"),
    ("95%", "number wide"),
    ("Tokens", "number wide"),
    ("Spend", "number"),
    ("Last call", "number wide"),
)


def show(view: View, store: Store, memory: Memory) -> Response:
    """The page; ``search`` is part of a gateway's id."""
    total = memory.statistics.total()
    return layout.page(
        view,
        "Gateways",
        tag("h1", "Gateways"),
        parts.tiles(total),
        parts.chart(total, view.now),
        layout.section("Each gateway", *_gateways(view, store, memory), name="gateways"),
        layout.section("Recent logs", _logs(memory), name="logs"),
        live=True,
    )


def _gateways(view: View, store: Store, memory: Memory) -> list[Html]:
    search = view.parameters.get("search", "")
    found = [one for one in store.gateways if search.lower() in one["id"].lower()]
    # The busy ones first; those without calls in the order they were made.
    found.sort(key=lambda one: -memory.statistics.of(one["id"]).last)
    shown = found[:_GATEWAYS]
    if not shown and not search:
        text = "There is no gateway yet: deploy one, or call the one named `default`."
        return [tag("p", text, class_="note")]
    rows = (_row(one, memory.statistics.of(one["id"])) for one in shown)
    more = len(found) - len(shown)
    note = f"{figures.count(more)} more: search for them" if more else None
    form = _search(search) if search or len(store.gateways) > 1 else Html()
    return [form, parts.table("Gateways", _HEADS, rows), tag("p", note, class_="note")]


def _row(gateway: Document, shown: Figures) -> Html:
    tokens = shown.tokens_in + shown.tokens_out
    return tag(
        "tr",
        tag("th", parts.gateway_link(gateway["id"]), scope="row"),
        parts.cell(figures.count(shown.requests), "number"),
        parts.cell(figures.share(shown.cached, shown.requests), "number"),
        parts.cell(figures.share(shown.failed, shown.requests), "number wide"),
        parts.cell(figures.milliseconds(shown.percentile(0.5)), "number wide"),
        parts.cell(figures.milliseconds(shown.percentile(0.95)), "number wide"),
        parts.cell(figures.count(tokens), "number wide"),
        parts.cell(figures.dollars(shown.cost), "number"),
        parts.cell(figures.moment(shown.last), "number wide"),
    )


def _search(search: str) -> Html:
    field = tag("input", type="search", name="search", value=search, size=20, maxlength=64)
    label = tag("label", "Gateway id contains ", field)
    return tag("form", label, tag("button", "Search"), action=layout.HOME, role="search")


def _logs(memory: Memory) -> Html:
    entries = list(islice(memory.logs.newest(), _LOGS))
    if not entries:
        return tag("p", "No call has been logged yet.", class_="note")
    note = tag("p", "The newest of all gateways; a gateway's page has the rest.", class_="note")
    return join(parts.logs(entries, "Recent logs"), note)
