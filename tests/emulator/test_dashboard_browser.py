"""The page to look at, in headless Chromium: what people see, with and without scripts."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from emulator.browser import Browser, browser, until
from emulator.peer import ACCOUNT, Peer, listening, on_port, read_token, start, stop

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"

#: As long as an id can be, with nowhere to break it.
LONG = "g" * 64

REQUESTS = "return document.querySelector('.tiles dd').textContent"
LOOKS = """
  const loaded = performance.getEntriesByType("resource");
  return loaded.filter((one) => one.initiatorType == "fetch").length;
"""
# A column of a table that does not fit is as bad as a page that scrolls sideways.
OVERFLOWS = """
  const limit = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > limit + 1 && !one.closest("pre"))
    .map((one) => one.tagName + "." + one.className);
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, str]]:
    folder = tmp_path_factory.mktemp("dashboard")
    process = start("--token-file", str(folder / "token"))
    try:
        port = listening(process)["port"]
        with httpx.Client(trust_env=False) as client:
            yield on_port(client, port, read_token(folder / "token")), f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def filled(site: tuple[Peer, str]) -> str:
    """An account with calls of all kinds; the path of a log's page."""
    peer, _ = site
    peer.control("POST", "reset")
    least = {"limitType": "cost", "window": 2_592_000}
    rules = [
        least | {"id": "team", "limit": 5, "metadata": {"team": {"mode": "partition"}}},
        least | {"id": "spent-long-ago" * 4, "limit": 0.00001},
    ]
    peer.gateway(LONG, cache_ttl=60)
    peer.gateway("edge", cache_ttl=60, spend_limits={"enabled": True, "rules": rules})
    value = peer.caller()
    for _ in range(3):
        peer.ask(value, cf_aig_metadata=json.dumps({"team": "t" * 60}))
    peer.ask(value, body={"prompt": "w" * 500, "stream": True})
    peer.ask(value, body={"nope": "x"})
    peer.advance(1)
    (log, *_) = peer.result("GET", "/ai-gateway/gateways/edge/logs?cached=true")
    return f"/dashboard/gateways/edge/logs/{log['id']}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_each_page_fits_and_is_accessible(
    site: tuple[Peer, str], opened: Browser, filled: str, width: int, scheme: str
):
    peer, url = site
    longest = peer.call("POST", f"/v1/{ACCOUNT}/{LONG}/openai/chat/completions", body={})
    refused = f"/dashboard/gateways/{LONG}/logs/{longest.headers['cf-aig-log-id']}"
    opened.resize(width)
    opened.prefer(scheme)
    for path in ("/", "/dashboard/gateways/edge", filled, refused, "/dashboard/none"):
        opened.open(f"{url}{path}")
        assert opened.run("return matchMedia('(prefers-color-scheme: dark)').matches") is (
            scheme == "dark"
        )
        assert opened.run(OVERFLOWS) == [], path
        assert [one for one in opened.errors() if "404" not in one] == [], path
        if AXE.exists() or os.environ.get("CI"):
            opened.run(AXE.read_text())
            found = opened.run_async("axe.run().then((found) => arguments[0](found.violations))")
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
    assert opened.run(REQUESTS.replace(".tiles dd", "h1")) == "No such page"


def test_the_page_follows_the_calls_without_being_loaded_again(
    site: tuple[Peer, str], opened: Browser, filled: str
):
    peer, url = site
    opened.open(url)
    opened.run("window.same = true")
    assert opened.run(REQUESTS) == "5"
    peer.ask(peer.caller())
    until(lambda: opened.run(REQUESTS) == "6", "six requests")
    assert opened.run("return window.same") is True
    opened.run("document.querySelector('input').focus()")
    opened.run("document.querySelector('input').value = 'half a wo'")
    peer.ask(peer.caller())
    looks = opened.run(LOOKS)
    until(lambda: opened.run(LOOKS) > looks + 1, "two more looks")
    assert opened.run("return document.querySelector('input').value") == "half a wo"


def test_a_page_that_was_stopped_stays_as_it_is(
    site: tuple[Peer, str], opened: Browser, filled: str
):
    opened.open(f"{site[1]}/")
    opened.run("document.querySelector('.about a').click()")
    until(lambda: opened.run("return location.search") == "?live=off", "paused")
    assert opened.run("return document.scripts.length") == 0


def test_without_scripts_the_browser_looks_again(
    site: tuple[Peer, str], filled: str, tmp_path: Path
):
    peer, url = site
    with browser(tmp_path, scripts=False) as plain:
        plain.open(url)
        assert "<dd>5</dd>" in plain.source()
        peer.ask(peer.caller())
        until(lambda: "<dd>6</dd>" in plain.source(), "six requests")
