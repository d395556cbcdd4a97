"""From values to the model."""

import pytest

from gatewright.model import Api, EndpointCache, Hazard, RequestIp, SecretReference, SecretStore
from gatewright.model.wire import gateway_object
from gatewright.spec import durations, json_path, times


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0ms", 0), ("500ms", 500), ("2s", 2_000), ("5m", 300_000), ("1h", 3_600_000)],
)
def test_durations(text, milliseconds):
    assert durations.milliseconds(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "s",
        "5 m",
        "5M",
        "1h30m",
        "1.5s",
        "-5s",
        "+5s",
        "5sm",
        "5w",
        "\u0665s",
        "1" * 5000 + "s",
    ],
)
def test_no_durations(text):
    assert durations.milliseconds(text) is None
    assert durations.seconds(text) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(90, 90), ("90s", 90), ("2000ms", 2), ("1500ms", None), ("30d", 2_592_000)],
)
def test_seconds(value, seconds):
    assert durations.seconds(value) == seconds


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(0, "0ms"), (1_500, "1500ms"), (90_000, "90s"), (86_400_000, "1d")]
)
def test_durations_are_spelled_with_the_largest_whole_unit(milliseconds, text):
    assert durations.spelled(milliseconds) == text
    assert durations.milliseconds(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-06-30", "2027-06-30T23:59:59Z"),
        ("2028-02-29", "2028-02-29T23:59:59Z"),
        ("2027-06-30T12:00:00Z", "2027-06-30T12:00:00Z"),
        ("2027-02-29", None),
        ("2027-6-30", None),
        ("2027-06-30T24:00:00Z", None),
        ("2027-06-30T12:00:00", None),
        ("2027-06-30T12:00:00+00:00", None),
        ("2027-06-30T12:00:00.5Z", None),
        ("2027-W26-3", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_the_end_of_a_day_or_a_time(text, instant):
    assert times.end(text) == instant
    assert times.start(text) == (instant and instant.replace("T23:59:59Z", "T00:00:00Z"))


GATEWAY = """
id: support
authentication: true
cache: answers
endpoints:
  second:
    provider: workers-ai
    model: "@cf/a/b"
    body: {prompt: Hello, when: 2027-06-30, ratio: 1.50}
  first:
    provider: workers-ai
    api: chat-completions
    model: "@cf/a/b"
    body: {messages: [{role: user, content: Hello}]}
    cache: {ttl: 5m}
"""


def test_a_deployment(project):
    deployment = project(
        {
            "support.yaml": GATEWAY,
            "drafts.yaml": "id: drafts\nauthentication: false\n",
            "cache-policies/weekly.yaml": "name: weekly\nttl: 7d\n",
            "cache-policies/answers.yaml": "ttl: 1h\nname: answers\n",
            "tokens/b.yaml": "name: b\npermissions: [Workers AI Read, AI Gateway Run]\n",
            "tokens/a.yaml": "name: a\npermissions: [x]\nrequest_ip: {in: [192.0.2.7]}\n",
        }
    ).deployment
    drafts, support = deployment.gateways
    assert (drafts.id, support.id) == ("drafts", "support")
    assert drafts.cache is None
    assert support.cache is deployment.cache_policies[0]
    assert [policy.name for policy in deployment.cache_policies] == ["answers", "weekly"]
    assert (support.cache.ttl, deployment.cache_policies[1].ttl) == (3_600, 604_800)

    second, first = support.endpoints  # in the order of the file
    assert (second.name, second.api, second.cache) == ("second", Api.RUN, EndpointCache())
    assert second.body == {"prompt": "Hello", "when": "2027-06-30", "ratio": 1.5}
    assert (first.name, first.api, first.cache.ttl) == ("first", Api.CHAT_COMPLETIONS, 300)

    a, b = deployment.tokens
    assert a.request_ip == RequestIp(allow=("192.0.2.7",))
    assert b.permissions == ("AI Gateway Run", "Workers AI Read")
    assert b.expires is None


def test_sources_are_where_things_get_their_names(project):
    deployment = project({"support.yaml": GATEWAY.replace("cache: answers\n", "")}).deployment
    (support,) = deployment.gateways
    places = [each.source.location for each in (support, *support.endpoints)]
    assert [(place.line, place.column) for place in places] == [(2, 5), (5, 3), (9, 3)]
    assert {place.file for place in places} == {"gateways/support.yaml"}


SECTIONS = """
id: support
authentication: true
spend_limits:
  rules: [RULES]
guardrails:
  response: {P1: FLAG, hate: BLOCK, S2: FLAG}
otel:
  - url: https://collector.example.com
    headers:
      x-key: {config: otelKey}
"""


def compiled(project, rules):
    deployment = project({"support.yaml": SECTIONS.replace("RULES", rules)}).deployment
    return deployment.gateways[0]


def test_sections_have_the_forms_of_the_model(project):
    gateway = compiled(project, "{limit: 1, window: 1h, metadata: {team: partition, plan: [a]}}")
    (rule,) = gateway.spend_limits.rules
    assert (rule.window, rule.metadata) == (3_600, {"team": None, "plan": ("a",)})
    assert gateway.guardrails.prompt == {}
    # In Cloudflare's order, whatever they are called and wherever they stand.
    assert list(gateway.guardrails.response) == [
        Hazard.NON_VIOLENT_CRIMES,
        Hazard.HATE,
        Hazard.PROMPT_INJECTION,
    ]
    (reference,) = gateway.secrets
    assert reference == SecretReference(SecretStore.CONFIG, "otelKey")
    assert reference.source.location[1:3] == (11, 14)


def test_ids_of_spend_rules_depend_on_what_they_count_and_on_nothing_else(project):
    rules = ["limit: 1, window: 1h", "limit: 1, window: 1h, model: [a, b]", "limit: 1, window: 1d"]
    rules.append("limit: 1, window: 1h, provider: [a, b]")
    rules.append("limit: 1, window: 1h, metadata: {a: [b]}")
    before = compiled(project, ", ".join(f"{{{rule}}}" for rule in rules))
    ids = [rule.id for rule in before.spend_limits.rules]
    assert len(set(ids)) == len(rules)
    changed = [
        rule.replace("limit: 1", "limit: 2, enabled: false").replace("[a, b]", "[b, a]")
        for rule in reversed(rules)
    ]
    after = compiled(project, ", ".join(f"{{{rule}}}" for rule in changed))
    assert [rule.id for rule in after.spend_limits.rules] == ids[::-1]
    # They are keys of Cloudflare's counters: another way to make them resets every budget.
    assert ids[0] == "5bcd6e42"


def test_what_is_sent_names_secrets_and_has_none(project):
    sent = gateway_object(compiled(project, "{limit: 1, window: 1h}"))
    assert sent["otel"] == [
        {
            "url": "https://collector.example.com",
            "headers": {"x-key": {"config": "otelKey"}},
            "content_type": "json",
        }
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("result", ("result",)),
        ("result.response", ("result", "response")),
        ("$.result.response", ("result", "response")),
        ("$[0]", (0,)),
        ("[0].label", (0, "label")),
        ("choices[-1]['any name'][\"a.b\"]", ("choices", -1, "any name", "a.b")),
        ("größe-2", ("größe-2",)),
        *(
            (text, None)
            for text in ("", "$", ".", "$$", "a.", "a..b", "$a", "a[", "a[01]", "a[-0]")
        ),
        *((text, None) for text in ("a[*]", "..a", "a b", "a[0]b", "a['']", "2", "a[1:2]", ".a")),
    ],
)
def test_paths_into_json(text, path):
    assert json_path.parse(text) == path
