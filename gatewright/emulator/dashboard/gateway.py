"""One gateway: its figures, what it is set to, what its budgets have left, its logs."""

from itertools import islice
from typing import Any

from starlette.responses import Response

from gatewright.emulator.dashboard import figures, layout, parts
from gatewright.emulator.dashboard.html import Child, Html, join, tag
from gatewright.emulator.dashboard.layout import View
from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic import PREFIX
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.traffic.spend import Budget

_LOGS = 50
#: Shares of a budget at which its meter changes.
_NEARLY, _ALL_BUT = 0.8, 0.999


def show(view: View, store: Store, memory: Memory, gateway: Document) -> Response:
    """The page; ``page`` counts pages of logs from 1."""
    shown = memory.statistics.of(gateway["id"])
    return layout.page(
        view,
        gateway["id"],
        tag("p", tag("a", "Gateways", href=layout.HOME), " /"),
        tag("h1", gateway["id"]),
        _address(view, gateway["id"]),
        parts.tiles(shown),
        parts.chart(shown, view.now),
        layout.section("Settings", _settings(gateway, store), name="settings"),
        _budgets(view, gateway, memory),
        layout.section("Logs", *_logs(view, gateway, memory), name="logs"),
        live=True,
    )


def _address(view: View, gateway_id: str) -> Html:
    url = f"http://{view.host}{PREFIX}/{view.account_id}/{gateway_id}"
    return tag("p", tag("code", url), class_="address")


def _settings(gateway: Document, store: Store) -> Html:
    """What decides about a call; where other systems' credentials are, only that it is set."""
    given = (
        ("Authentication", "required" if gateway["authentication"] else "off"),
        ("Cache", _seconds(gateway["cache_ttl"])),
        ("Rate limit", _rate(gateway)),
        ("Retries", _retries(gateway)),
        ("Logs", "collected" if gateway["collect_logs"] else "off"),
        ("Guardrails", "on" if gateway.get("guardrails") else "off"),
        ("DLP", "on" if (gateway.get("dlp") or {}).get("enabled") else "off"),
        ("Own keys only", "yes" if gateway.get("byok_only") else "no"),
        ("Stored keys", _names(one["alias"] for one in store.provider_configs.of(gateway["id"]))),
        ("Dynamic routes", _names(one["name"] for one in store.routes.of(gateway["id"]))),
        ("Changed", gateway["modified_at"]),
    )
    return tag("dl", *(pair(name, value) for name, value in given), class_="pairs")


def pair(name: str, value: Child) -> Html:
    """A name and its value in a list of such."""
    return tag("div", tag("dt", name), tag("dd", value))


def _seconds(ttl: int) -> str:
    return figures.duration(ttl) if ttl else "off"


def _rate(gateway: Document) -> str:
    limit, interval = gateway["rate_limiting_limit"], gateway["rate_limiting_interval"]
    if not limit or not interval:
        return "off"
    technique = gateway.get("rate_limiting_technique") or "fixed"
    return f"{figures.count(limit)} in {figures.duration(interval)}, {technique}"


def _retries(gateway: Document) -> str:
    attempts = gateway.get("retry_max_attempts")
    if not attempts:
        return "off"
    backoff = gateway.get("retry_backoff") or "constant"
    return f"{attempts} attempts, {gateway.get('retry_delay') or 0} ms, {backoff}"


def _names(names: Any) -> str:
    return ", ".join(names) or "none"


def _budgets(view: View, gateway: Document, memory: Memory) -> Html | None:
    budgets = memory.ledger.budgets(gateway, view.now)
    if not budgets:
        return None
    heads = (("Rule", ""), ("Spent", "number wide"), ("Limit", "number"), ("Share", "number"))
    rows = (_budget(one) for one in budgets)
    return layout.section("Spend limits", parts.table("Spend limits", heads, rows), name="budgets")


def _budget(one: Budget) -> Html:
    whose = f"{one.group or 'all requests'}, {figures.duration(one.window)}"
    is_spent = one.spent >= one.limit
    meter = tag(
        "meter",
        min=0,
        max=one.limit,
        value=one.spent,
        # The less the better: what is nearly spent has another colour, and so has what is.
        optimum=0,
        low=one.limit * _NEARLY,
        high=one.limit * _ALL_BUT,
        aria_label=f"spent of {one.rule}",
        class_="wide",
    )
    return tag(
        "tr",
        tag("th", one.rule, " ", tag("small", whose), scope="row"),
        parts.cell(figures.dollars(one.spent), "number wide"),
        parts.cell(figures.dollars(one.limit), "number"),
        parts.cell(
            join(
                meter,
                " ",
                tag("span", "spent", class_="badge failed")
                if is_spent
                else figures.share(round(one.spent * 1e6), round(one.limit * 1e6)),
            ),
            "number",
        ),
    )


def _logs(view: View, gateway: Document, memory: Memory) -> list[Html]:
    given = view.parameters.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1  # noqa: PLR2004 - more logs are never kept
    start = (max(number, 1) - 1) * _LOGS
    entries = list(islice(memory.logs.newest(gateway["id"]), start, start + _LOGS + 1))
    if not entries:
        return [tag("p", "No log here.", class_="note")]
    way = join(
        tag("a", "Newer", href=f"?page={number - 1}", rel="prev") if start else None,
        " " if start else None,
        tag("a", "Older", href=f"?page={number + 1}", rel="next") if len(entries) > _LOGS else None,
    )
    shown = parts.logs(entries[:_LOGS], "Logs, the newest first", of_one=True)
    return [shown, tag("nav", way, aria_label="Pages of logs")]
