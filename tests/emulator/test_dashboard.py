"""The page to look at, as it comes over HTTP."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from emulator.peer import ACCOUNT, LLAMA, Peer, in_process

from gatewright.emulator import Settings, create_app
from gatewright.emulator.dashboard import figures, layout
from gatewright.emulator.identity import new_value

EVIL = '<script>alert("x")</script>&\'"'
VOID = {"br", "input", "link", "meta", "rect", "line"}


class Page(HTMLParser):
    """The text of a page, its links, and whether each element is closed in its order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text, self.links, self.open, self.elements = "", [], [], []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def look(peer: Peer, path: str = "/", status: int = 200) -> Page:
    answer = peer.call("GET", path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.startswith("<!doctype html><html lang=")
    return Page(answer.text)


def tiles(page_text: str) -> list[str]:
    return re.findall(r"(Requests|Cache hit rate|Errors|Tokens|Spend)\s+(\S+)", page_text)[:5]


def test_an_empty_account_says_what_to_do(peer: Peer):
    page = look(peer)
    assert "There is no gateway yet" in page.text
    assert "No call has been logged yet" in page.text
    assert ACCOUNT in page.text


def test_what_calls_do_to_the_figures(peer: Peer):
    peer.gateway("edge", cache_ttl=60)
    peer.gateway("other")
    value = peer.caller()
    for _ in range(3):
        peer.ask(value)
    peer.ask(value, body={"nope": 1}, gateway_id="other")
    peer.ask("wrong", gateway_id="nowhere")
    page = look(peer)
    assert tiles(page.text) == [
        ("Requests", "4"),
        ("Cache hit rate", "50.0%"),
        ("Errors", "25.0%"),
        ("Tokens", "24"),
        ("Spend", "$0.000018"),
    ]
    assert "4 requests in the last hour" in page.text
    one = look(peer, "/dashboard/gateways/edge")
    assert tiles(one.text)[:3] == [
        ("Requests", "3"),
        ("Cache hit rate", "66.7%"),
        ("Errors", "0.0%"),
    ]


def test_calls_that_are_turned_away_or_not_logged_count_too(peer: Peer):
    peer.gateway("edge", authentication=True, collect_logs=False)
    peer.ask("wrong")
    peer.ask(peer.caller())
    page = look(peer)
    assert tiles(page.text)[:3] == [
        ("Requests", "2"),
        ("Cache hit rate", "0.0%"),
        ("Errors", "50.0%"),
    ]
    assert "No call has been logged yet" in page.text


def test_from_the_overview_to_a_gateway_to_a_log(peer: Peer):
    peer.gateway("edge", cache_ttl=60)
    value = peer.caller()
    peer.ask(value, cf_aig_event_id="event-7", cf_aig_metadata='{"team":"blue"}')
    page = look(peer)
    assert "/dashboard/gateways/edge" in page.links
    gateway = look(peer, "/dashboard/gateways/edge")
    assert f"/v1/{ACCOUNT}/edge" in gateway.text
    (link,) = {one for one in gateway.links if "/logs/" in one}
    assert link in page.links
    log = look(peer, link)
    for said in (LLAMA, "event-7", '"team": "blue"', "What is Cloudflare?", "You asked", "200 ok"):
        assert said in log.text
    assert value not in log.text


def test_whatever_callers_write_stays_text(peer: Peer):
    peer.gateway("edge")
    value = peer.caller()
    headers = {"cf_aig_event_id": EVIL, "user_agent": EVIL}
    peer.ask(value, body={"prompt": EVIL}, **headers)
    peer.ask(value, f"openai/{EVIL.replace('/', '')}", body={"model": EVIL}, **headers)
    pages = [look(peer), look(peer, "/dashboard/gateways/edge")]
    pages += [look(peer, one) for one in pages[1].links if "/logs/" in one]
    pages.append(look(peer, f"/?search={EVIL}"))
    assert len(pages) == 5
    for page in pages:
        scripts = [given for tag, given in page.elements if tag == "script"]
        assert all(set(given) == {"src", "defer"} for given in scripts)
        assert not any(name.startswith("on") for _, given in page.elements for name in given)
        assert "alert(" in page.text + str(page.elements)


def test_no_secret_is_shown(peer: Peer):
    otel = [{"url": "https://x.example", "headers": {"k": "hush-1"}, "authorization": "hush-2"}]
    stripe = {"authorization": "hush-3", "usage_events": [{"payload": "{}"}]}
    peer.gateway("edge", otel=otel, stripe=stripe)
    config = {"alias": "main", "default_config": True, "provider_slug": "openai"}
    config["secret"] = "hush-4-and-longer-than-sixteen"
    peer.result("POST", "/ai-gateway/gateways/edge/provider_configs", config)
    value = peer.caller()
    peer.ask(
        value,
        "openai/chat/completions",
        body={"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]},
        authorization="Bearer hush-5",
    )
    gateway = peer.call("GET", "/dashboard/gateways/edge").text
    (log,) = {one for one in Page(gateway).links if "/logs/" in one}
    shown = peer.call("GET", "/").text + gateway + peer.call("GET", log).text
    assert "main" in gateway
    assert "hush" not in shown
    assert value not in shown
    assert peer.deploying_token not in shown


def test_a_page_loads_nothing_from_elsewhere_and_is_framed_by_nobody(peer: Peer):
    answer = peer.call("GET", "/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    for name, kind in (("style.css", "text/css"), ("live.js", "text/javascript")):
        file = peer.call("GET", f"/dashboard/{name}")
        assert file.headers["content-type"] == f"{kind}; charset=utf-8"
        assert "http" not in re.sub(r"/\*.*?\*/", "", file.text)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8799", 200),
        ("localhost", 200),
        ("[::1]:8799", 200),
        ("evil.example:8799", 421),
        ("127.0.0.1.evil.example", 421),
        ("192.0.2.1", 421),
        ("", 421),
    ],
)
def test_another_sites_name_for_this_machine_shows_nothing(local: Peer, host: str, status: int):
    local.gateway("edge")
    answer = local.call("GET", "/", headers={"Host": host})
    assert answer.status_code == status
    assert ("edge" in answer.text) is (status == 200)


def test_who_allows_others_shows_them_the_page():
    value = new_value()
    app = create_app(Settings(allow_remote=True), deploying_token=value)
    assert in_process(app, value).call("GET", "/", headers={"Host": "box.lan"}).status_code == 200
    app.close()


def test_what_is_not_there_says_so(peer: Peer):
    peer.gateway("edge")
    for path, said in (
        ("/dashboard/gateways/none", "No such gateway"),
        ("/dashboard/gateways/edge/logs/none", "No such log"),
        ("/dashboard/none", "No such page"),
        ("/dashboard/a/b/c/d", "No such page"),
    ):
        page = look(peer, path, 404)
        assert said in page.text
        assert "/" in page.links
    assert peer.call("POST", "/").status_code == 405


def test_it_is_live_without_a_script_until_stopped(peer: Peer):
    page = look(peer)
    refresh = [given for tag, given in page.elements if given.get("http-equiv") == "refresh"]
    assert [given["content"] for given in refresh] == ["5"]
    assert "?live=off" in page.links
    paused = look(peer, "/?live=off")
    assert not [given for _, given in paused.elements if given.get("http-equiv")]
    assert not [tag for tag, _ in paused.elements if tag == "script"]
    assert "/" in paused.links


def test_many_gateways_and_logs_come_in_pages(local: Peer):
    app = create_app(Settings(quota=None, api_limit=None), deploying_token="x" * 48)
    peer = in_process(app, "x" * 48)
    for number in range(60):
        peer.gateway(f"gateway-{number}")
    value = peer.caller()
    for _ in range(60):
        peer.ask(value, gateway_id="gateway-59")
    page = look(peer)
    assert "10 more: search for them" in page.text
    shown = [one for one in page.links if re.fullmatch("/dashboard/gateways/gateway-[0-9]+", one)]
    assert shown[0] == "/dashboard/gateways/gateway-59", "the busiest first"
    assert "gateway-33" in look(peer, "/?search=Y-33").text
    first = look(peer, "/dashboard/gateways/gateway-59")
    second = look(peer, "/dashboard/gateways/gateway-59?page=2")
    assert "?page=2" in first.links
    assert "?page=1" in second.links
    logs = [{one for one in page.links if "/logs/" in one} for page in (first, second)]
    assert [len(one) for one in logs] == [50, 10]
    assert not logs[0] & logs[1]
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert look(peer, f"/dashboard/gateways/gateway-59?page={odd}")
    app.close()


def test_budgets_are_shown_and_looking_spends_nothing(peer: Peer):
    rule = {"id": "tiny", "limit": 0.000001, "limitType": "cost", "window": 3600}
    peer.gateway("edge", spend_limits={"enabled": True, "rules": [rule]})
    value = peer.caller()
    assert peer.ask(value).status_code == 200
    page = look(peer, "/dashboard/gateways/edge")
    assert "tiny" in page.text
    assert [given["max"] for tag, given in page.elements if tag == "meter"] == ["1e-06"]
    assert "all requests, 1 hour" in page.text
    assert peer.ask(value).status_code == 200, "one call too many goes through, looked at or not"
    assert peer.ask(value).status_code == 429
    assert re.search(r"\bspent\b", look(peer, "/dashboard/gateways/edge").text)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 s"),
        (90, "90 s"),
        (60, "1 min"),
        (300, "5 min"),
        (3600, "1 hour"),
        (86_400, "1 day"),
        (2_592_000, "30 days"),
        (10**18 + 1, "1,000,000,000,000,000,001 s"),
    ],
)
def test_a_duration_is_said_in_its_largest_whole_unit(seconds: int, said: str):
    assert figures.duration(seconds) == said


def test_colours_can_be_told_from_their_ground_in_both_schemes():
    style = (Path(layout.__file__).parent / "style.css").read_text()
    schemes = [
        dict(re.findall(r"--(\w+): (#\w{6});", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(schemes) == 2
    for scheme in schemes:
        for ground in ("paper", "card"):
            for name in ("ink", "quiet", "link", "hit", "asked", "failed"):
                assert _contrast(scheme[name], scheme[ground]) >= 4.5, (name, ground)


def _contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
