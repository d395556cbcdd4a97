"""Random valid specs: strategies for one file of each kind, and for whole projects.

What they give has no finding but warnings. A file may refer to what only a project
has: the cache policies, custom providers, routes and keys that `projects` puts there.
"""

import datetime as dt
import json
import string
from operator import itemgetter

from hypothesis import strategies as st

from gatewright.spec import durations

NAME = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12).filter(
    lambda text: text not in {"defaults", "stacks"}
)
PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=20,
)
# Letters only: PyYAML writes some texts without quotes that are numbers in YAML 1.2.
WORD = st.text(string.ascii_lowercase, min_size=1, max_size=12)
NAMES = st.lists(WORD, min_size=1, max_size=3, unique=True)
# What JSON text is in YAML too: its escapes for what YAML does not allow as it is.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PRINTABLE,
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(PRINTABLE, children, max_size=3)
    ),
    max_leaves=8,
)
SECRET = st.just({"env": "KEY"}) | st.builds(lambda name: {"config": f"k{name}"}, WORD)
ACTION = st.sampled_from(["FLAG", "BLOCK"])
BACKOFF = st.sampled_from(["constant", "linear", "exponential"])
MODEL = st.builds("@cf/{}/{}".format, NAME, NAME)


def mapping(required, optional):
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def duration(draw, least, most):
    """A duration in seconds, written in any of the ways there are."""
    total = draw(st.integers(least, most))
    ways = [total, f"{total}s", durations.spelled(total * 1_000)]
    if total < 1_000_000:
        ways.append(f"{total * 1_000}ms")
    return draw(st.sampled_from(ways))


def milliseconds(least, most):
    return st.integers(least, most).map("{}ms".format)


TTL = duration(60, 30 * 86_400)
POLICY_FIELDS = {"invalidate_on_update": st.booleans()}
CACHE_POLICY = mapping({"name": NAME, "ttl": TTL}, POLICY_FIELDS | {"description": PRINTABLE})

# --- sections of a gateway

SPEND_RULE = mapping(
    {"id": WORD, "limit": st.integers(0, 10**6) | st.just(2.5), "window": duration(0, 10**6)},
    {
        "enabled": st.booleans(),
        "technique": st.sampled_from(["fixed", "sliding"]),
        # Keys that look like ours mean no more than others.
        "metadata": st.dictionaries(
            WORD | st.sampled_from(["authorization", "headers", "stripe"]),
            st.just("partition") | NAMES,
            min_size=1,
            max_size=2,
        ),
        "model": NAMES,
        "provider": NAMES,
    },
)
HAZARDS = st.dictionaries(
    st.sampled_from(["hate", "violent_crimes", "S3", "S13", "P1"]), ACTION, min_size=1
)
DLP_POLICY = mapping(
    {
        "id": WORD,
        "action": ACTION,
        "check": st.sampled_from([["REQUEST"], ["RESPONSE"], ["RESPONSE", "REQUEST"]]),
        "profiles": NAMES,
    },
    {"enabled": st.booleans()},
)
DLP = mapping({"action": ACTION, "profiles": NAMES}, {"enabled": st.booleans()}) | mapping(
    {"policies": st.lists(DLP_POLICY, min_size=1, max_size=3, unique_by=itemgetter("id"))},
    {"enabled": st.booleans()},
)
OTEL = mapping(
    {"url": WORD.map("https://{}.example.com/v1/traces?a=b".format)},
    {
        "authorization": SECRET,
        "headers": st.dictionaries(WORD, SECRET, min_size=1, max_size=2),
        "content_type": st.sampled_from(["json", "protobuf"]),
    },
)
PROVIDER = st.sampled_from(["openai", "anthropic", "mistral"])


@st.composite
def provider_configs(draw):
    """Keys of providers: aliases unique, and one default at most, for each."""
    configs = draw(
        st.dictionaries(
            NAME,
            mapping(
                {"provider": PROVIDER},
                {
                    "default": st.booleans(),
                    "rate_limit": st.integers(1, 1_000),
                    "alias": st.just("default") | NAME,
                },
            ),
            min_size=1,
            max_size=3,
        )
    )
    taken = set()
    for name, config in configs.items():
        provider = config["provider"]
        if (provider, True) in taken:
            config.pop("default", None)
        if (provider, config.get("alias", name)) in taken:
            config["alias"] = f"other-{len(taken)}"
        taken.add((provider, config.get("default", False)))
        taken.add((provider, config.get("alias", name)))
        key = draw(SECRET.map(lambda value: {"secret": value}) | st.just({"secret_id": "0" * 32}))
        config.update(key)
        if "rate_limit" in config:
            config.update(draw(mapping({}, {"rate_limit_period": duration(1, 10**6)})))
    return configs


SHARES = st.sampled_from([[100], [50, 50], [10, 90], [33, 33, 34], [20, 30, 50], [1, 99]])
CONDITION = st.dictionaries(
    st.sampled_from(["metadata.plan", "metadata.team", "headers.x-plan", "body.stream"]),
    WORD
    | st.booleans()
    | st.integers(0, 9)
    | st.builds(lambda names: {"$in": names}, NAMES)
    | st.builds(lambda number: {"$gt": number}, st.integers(0, 9)),
    min_size=1,
    max_size=2,
)


@st.composite
def route(draw):
    """A route whose steps lead to later ones only."""
    names = draw(
        st.lists(
            NAME.filter(lambda name: name not in {"start", "end"}),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    steps = {name: draw(step([*names[index + 1 :], "end"])) for index, name in enumerate(names)}
    return {"start": names[0], "steps": steps}


@st.composite
def step(draw, targets):
    target = st.sampled_from(targets)
    kind = draw(st.sampled_from(["model", "model", "conditional", "rate", "percentage"]))
    shares = draw(SHARES) if kind == "percentage" else []
    if kind == "model" or len(shares) > len(targets):
        return draw(
            mapping(
                {
                    "provider": st.just("workers-ai"),
                    "model": MODEL,
                    "timeout": milliseconds(1, 10_000),
                    "retries": st.integers(0, 3),
                },
                {"success": target, "fallback": target},
            )
        )
    if kind == "conditional":
        return draw(mapping({"conditional": CONDITION, "then": target, "else": target}, {}))
    if kind == "percentage":
        chosen = draw(st.permutations(targets))[: len(shares)]
        return {"percentage": dict(zip(chosen, shares, strict=True))}
    rate = mapping(
        {
            "key": st.sampled_from(["metadata.user", "headers.x-user"]),
            "limit": st.integers(0, 10**6),
            "window": duration(1, 10**6),
        },
        {"limit_type": st.sampled_from(["count", "cost"])},
    )
    return draw(mapping({"rate": rate, "success": target}, {"fallback": target}))


# --- endpoints

REQUEST_FIELDS = {
    "timeout": milliseconds(1, 20_000),
    "max_attempts": st.integers(1, 5),
    "retry_delay": milliseconds(0, 5_000),
    "backoff": BACKOFF,
    "collect_log": st.booleans(),
    "collect_log_payload": st.booleans(),
    "event_id": st.text(string.ascii_letters + "-_.:/", min_size=1, max_size=20),
    "custom_cost": mapping({"total_cost": st.integers(0, 9)}, {})
    | mapping({"per_token_in": st.floats(0, 1)}, {"per_token_out": st.floats(0, 1)}),
    "zdr": st.booleans(),
    "no_wholesale": st.booleans(),
}
METADATA = st.dictionaries(
    WORD | st.sampled_from(["authorization", "secret"]),
    PRINTABLE | st.booleans() | st.integers(-9, 9),
    min_size=1,
    max_size=5,
)
ENDPOINT_FIELDS = {
    "cache": st.sampled_from([{"skip": True}, {"skip": False, "key": "k"}, {"ttl": 60}]),
    "metadata": METADATA,
    "stream": st.booleans(),
    "tags": NAMES,
    "expect": mapping(
        {"status": st.just(200)},
        {
            "latency": milliseconds(1, 600_000),
            "max_cost": st.floats(0, 1),
            "json": st.lists(
                mapping({"path": WORD}, {"equals": WORD, "matches": WORD}), min_size=1, max_size=2
            ),
        },
    ),
}
RUN = st.dictionaries(PRINTABLE, JSON, min_size=1, max_size=3)
CHAT = mapping({"messages": st.lists(JSON, min_size=1, max_size=2)}, {})
EMBED = mapping({"input": PRINTABLE | st.lists(PRINTABLE, min_size=1, max_size=2)}, {})
BODIES = {
    "run": RUN,
    "chat-completions": CHAT,
    "embeddings": EMBED,
    "compat-chat-completions": CHAT,
    "compat-embeddings": EMBED,
}


@st.composite
def endpoint(draw, routes, configs, slugs):
    """An endpoint of any form; what it refers to is one of those given."""
    providers = ["workers-ai", "openai", *(f"custom-{slug}" for slug in slugs)]
    provider = draw(st.sampled_from(providers))
    if routes and draw(st.booleans()):
        value = {"route": draw(st.sampled_from(sorted(routes))), "body": draw(CHAT)}
    elif provider == "workers-ai":
        api = draw(st.sampled_from(sorted(BODIES)))
        value = {"provider": provider, "model": draw(MODEL), "body": draw(BODIES[api])}
        value |= {} if api == "run" else {"api": api}
    elif draw(st.booleans()):
        value = {"provider": provider, "api": "compat-chat-completions", "model": draw(WORD)}
        value["body"] = draw(CHAT)
    else:
        path = draw(st.sampled_from(["v1/chat/completions", "v1/embeddings", "messages", "a/b:c"]))
        value = {"provider": provider, "path": path, "body": draw(RUN)}
    aliases = [
        config.get("alias", name)
        for name, config in configs.items()
        if config["provider"] == value.get("provider")
    ]
    request = dict(REQUEST_FIELDS)
    if aliases:
        request["byok_alias"] = st.sampled_from(aliases)
    optional = ENDPOINT_FIELDS | {"request": mapping({}, request).filter(bool)}
    return value | draw(mapping({}, optional))


# --- files

#: With these, a gateway that takes everybody's requests is an error.
OWN_KEYS = {"byok_only", "store_id", "provider_configs"}
GATEWAY_FIELDS = {
    "description": PRINTABLE,
    "cache": mapping({"ttl": TTL}, POLICY_FIELDS),
    "rate_limiting": mapping(
        {"limit": st.integers(1, 10**9), "interval": duration(1, 10**6)},
        {"technique": st.sampled_from(["fixed", "sliding"])},
    ),
    "retries": mapping(
        {"max_attempts": st.integers(1, 5)},
        {"delay": milliseconds(0, 60_000), "backoff": BACKOFF},
    ),
    "logs": mapping(
        {"collect": st.booleans()},
        {
            "classification": st.booleans(),
            "limit": st.integers(10_000, 10_000_000),
            "strategy": st.sampled_from(["STOP_INSERTING", "DELETE_OLDEST"]),
        },
    ),
    "logpush": st.booleans(),
    "logpush_public_key": st.text(string.ascii_letters, min_size=16, max_size=20),
    "zdr": st.booleans(),
    "byok_only": st.booleans(),
    "workers_ai_billing_mode": st.sampled_from(["postpaid", "unified"]),
    "store_id": WORD,
    "spend_limits": mapping(
        {"rules": st.lists(SPEND_RULE, min_size=1, max_size=4, unique_by=itemgetter("id"))},
        {"enabled": st.booleans()},
    ),
    "guardrails": mapping({"prompt": HAZARDS}, {"response": HAZARDS}),
    "dlp": DLP,
    "otel": st.lists(OTEL, min_size=1, max_size=2),
    "stripe": mapping(
        {
            "authorization": SECRET,
            "usage_events": st.lists(mapping({"payload": PRINTABLE}, {}), min_size=1),
        },
        {},
    ),
    "smoke": mapping({"guardrails": PRINTABLE}, {"dlp": PRINTABLE}),
    "protect": st.booleans(),
    "retain": st.booleans(),
    "routes": st.dictionaries(NAME, route(), min_size=1, max_size=2),
    "provider_configs": provider_configs(),
}


@st.composite
def gateways(draw, slugs=(), policies=()):
    """A gateway; it may use the custom providers and cache policies of these names."""
    fields = dict(GATEWAY_FIELDS)
    if policies:
        fields["cache"] = st.sampled_from(sorted(policies)) | fields["cache"]
    data = draw(mapping({"id": NAME, "authentication": st.booleans()}, fields))
    own = endpoint(data.get("routes", {}), data.get("provider_configs", {}), slugs)
    declared = draw(st.dictionaries(NAME, own, max_size=3))
    if declared:
        data["endpoints"] = declared
    if data.keys() & OWN_KEYS:
        data["authentication"] = True
    return data


GATEWAY = gateways()
ADDRESSES = st.lists(
    st.ip_addresses().map(str) | st.ip_addresses(v=4).map("{}/24".format),
    min_size=1,
    max_size=3,
    unique=True,
)
DAY = st.dates(dt.date(1000, 1, 1))
TOKEN_FIELDS = {
    "kind": st.sampled_from(["account", "user"]),
    "description": PRINTABLE,
    "not_before": st.just("1000-01-01") | st.just("1000-01-01T00:00:00Z"),
    "generation": st.integers(1, 99),
    "expires": DAY.map(str) | DAY.map("{}T12:30:00Z".format),
    "request_ip": mapping({"in": ADDRESSES}, {"not_in": ADDRESSES}),
}
TOKEN = mapping(
    {
        "name": NAME,
        "permissions": st.lists(
            st.sampled_from(["AI Gateway Run", "AI Gateway Read", "Workers AI Read"]),
            min_size=1,
            unique=True,
        ),
    },
    TOKEN_FIELDS,
)
CUSTOM_PROVIDER_FIELDS = {
    "name": WORD,
    "description": PRINTABLE,
    "enable": st.booleans(),
    "beta": st.booleans(),
    "headers": st.dictionaries(WORD.map("x-{}".format), SECRET, min_size=1, max_size=2),
    "link": WORD.map("https://{}.example.com/docs".format),
    "position": st.integers(0, 99),
    "curl_example": PRINTABLE,
    "js_example": PRINTABLE,
}
CUSTOM_PROVIDER = mapping(
    {"slug": NAME, "base_url": WORD.map("https://{}.example.com".format)}, CUSTOM_PROVIDER_FIELDS
)


@st.composite
def projects(draw, most=4):
    """A project: the data of each file by its name below ``gateways/``."""
    policies = draw(st.lists(CACHE_POLICY, max_size=2, unique_by=itemgetter("name")))
    custom = draw(st.lists(CUSTOM_PROVIDER, max_size=2, unique_by=itemgetter("slug")))
    tokens = draw(st.lists(TOKEN, max_size=2, unique_by=itemgetter("name")))
    one = gateways([each["slug"] for each in custom], [each["name"] for each in policies])
    several = draw(st.lists(one, min_size=1, max_size=most, unique_by=itemgetter("id")))
    return {
        **{f"{each['id']}.yaml": each for each in several},
        **{f"cache-policies/{each['name']}.yaml": each for each in policies},
        **{f"custom-providers/{each['slug']}.yaml": each for each in custom},
        **{f"tokens/{each['name']}.yaml": each for each in tokens},
    }


def write(root, project):
    """Write a project's files below ``root``/gateways, as JSON, which is YAML too."""
    for name, data in project.items():
        path = root / "gateways" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
