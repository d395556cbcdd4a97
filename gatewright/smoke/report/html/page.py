"""The page: summary, latency, failures with their reproduction, all checks."""

from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import groupby

from gatewright import __version__
from gatewright.smoke.latency import latencies
from gatewright.smoke.report.command import curl
from gatewright.smoke.report.details import endpoint_of, facts, totals
from gatewright.smoke.report.grid import seconds
from gatewright.smoke.report.html.plot import plot
from gatewright.smoke.report.html.tags import element, escaped, joined, prose
from gatewright.smoke.result import Result, Status, Verdict

#: Nothing may be loaded from anywhere, should a text ever get past the escaping.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_MARKS = {
    Status.PASSED: "✓",
    Status.FLAKY: "~",
    Status.FAILED: "✗",
    Status.ERROR: "!",
    Status.SKIPPED: "-",
}


def html(result: Result) -> str:
    """A document that opens from anywhere and shows the same everywhere."""
    return (
        "<!doctype html>\n"
        + element("html", "\n", _head(result), "\n", _body(result), "\n", lang="en")
        + "\n"
    )


def _head(result: Result) -> str:
    style = (resources.files(__package__) / "page.css").read_text(encoding="utf-8")
    return element(
        "head",
        '<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(_POLICY)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        '<meta name="color-scheme" content="light dark">\n',
        element("title", escaped(f"{result.outcome}: {_title(result)}")),
        "\n",
        element("style", style),
    )


def _title(result: Result) -> str:
    return f"Smoke checks of {result.deployed.stack}" if result.deployed.stack else "Smoke checks"


def _body(result: Result) -> str:
    return element("body", element("main", "\n", joined(_sections(result)), "\n"))


def _sections(result: Result) -> Iterator[str]:
    yield element(
        "header",
        element("h1", _badge(result.outcome), " ", escaped(_title(result))),
        element("p", escaped(totals(result))),
        element("p", escaped(_origin(result)), class_="dim"),
    )
    yield element("ul", *(_count(*item) for item in result.counts.items()), class_="counts")
    broken = result.of(Status.FAILED, Status.ERROR)
    if broken:
        yield element("h2", "What to mend")
        yield from map(_failure, broken)
    notes = result.of(Status.FLAKY, Status.SKIPPED)
    if notes:
        yield element("h2", "What to know")
        yield element("ul", *map(_note, notes), class_="notes")
    if rows := latencies(result):
        yield element("h2", "Latency")
        yield plot(rows)
    if result.verdicts:
        yield element("h2", "All checks")
        yield _checks(result)


def _origin(result: Result) -> str:
    deployed = result.deployed
    parts = [f"{result.started:%Y-%m-%d %H:%M:%S} UTC", f"gatewright {__version__}"]
    parts += [f"revision {deployed.revision}"] if deployed.revision else []
    parts += [deployed.checksum] if deployed.checksum else []
    return ", ".join(parts)


def _badge(status: Status) -> str:
    return element("span", f"{_MARKS[status]} {status}", class_=f"badge {status}")


def _count(status: Status, count: int) -> str:
    return element(
        "li",
        element("strong", str(count)),
        " ",
        element("span", str(status)),
        class_=str(status) if count else "none",
    )


def _failure(verdict: Verdict) -> str:
    terms = (
        element("dt", escaped(label)) + element("dd", prose(text)) for label, text in facts(verdict)
    )
    command = escaped("\n".join(curl(verdict.call))) if verdict.call else ""
    return element(
        "section",
        element("h3", _badge(verdict.status), " ", escaped(verdict.check.id)),
        element("dl", *terms),
        element("pre", element("code", command)) if command else "",
        class_=f"failure {verdict.status}",
    )


def _note(verdict: Verdict) -> str:
    reason = f"{verdict.fault.layer}: {verdict.fault.sentence}" if verdict.fault else ""
    name = element("strong", escaped(verdict.check.id))
    return element("li", _badge(verdict.status), " ", name, " ", prose(reason))


def _checks(result: Result) -> str:
    groups = groupby(result.verdicts, endpoint_of)
    return element("div", joined(_endpoint(key, list(group)) for key, group in groups))


def _endpoint(key: tuple[str, str], verdicts: Sequence[Verdict]) -> str:
    gateway, endpoint = key
    return element(
        "section",
        element("h3", escaped(f"{gateway}/{endpoint}")),
        element("ul", *map(_line, verdicts), class_="checks"),
        class_="endpoint",
    )


def _line(verdict: Verdict) -> str:
    return element(
        "li",
        element("span", escaped(verdict.check.kind)),
        element("span", seconds(verdict.seconds) if verdict.attempts else "", class_="dim"),
        _badge(verdict.status),
    )
