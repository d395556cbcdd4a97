"""What is masked in a spec, and what is left alone."""

import pytest

from gatewright.spec.masking import masked, masked_lines, secrets
from gatewright.spec.nodes import compose
from gatewright.spec.values import Construction


def read(text):
    """The values of a text, and the text as it may be shown."""
    root = compose(text)
    shown = masked(text, secrets(root, text))
    return Construction(root, shown).value, shown


HARMLESS = [
    "provider_configs: {a: {provider: openai, alias: b, default: true, secret: {env: KEY}}}",
    "provider_configs: {secret: {secret_id: abc, rate_limit: 5, rate_limit_period: 1m}}",
    "routes: {secret: {start: headers, steps: {headers: {model: a, conditional: {secret: b}}}}}",
    "endpoints: {a: {metadata: {secret: b, link: a@b}, body: {base_url: 'https://a:b@c'}}}",
    "{base_url: 'https://a/b', link: 'https://c'}",
    "otel: [{url: 'https://a/b', content_type: xml, authorization: {env: A_1}}]",
    "stripe: {authorization: {config: key}, usage_events: [{payload: '{\"a\": 1}'}]}",
    "stripe: {authorization: , usage_events: ~}",
    "spend_limits: {rules: [{metadata: {authorization: [a], headers: partition, stripe: [b]}}]}",
    "endpoints: {headers: {body: {authorization: a, stripe: {b: c}, headers: [d]}}}",
    "body: {secret: a, link: 'b@c', headers: {x: d}, otel: {authorization: e}, token: f}",
    "stripe: {authorization: {env: KEY}}\notel: [{headers: {x-a-name-of-more-than-24: {env: A}}}]",
    "description: authorization by headers, otel and stripe",
    "endpoints: {a: {body: {the secret of it: b}}}",
    "stacks: {stripe: {description: a}, headers: {id: b}, prod: {endpoints: {otel: {body: {}}}}}",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    value, shown = read(text)
    assert shown == text
    assert value == Construction(compose(text), text).value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("stripe: {authorization: abc}", "stripe: {authorization: •••}"),
        ("stripe: {authorization: 0x1F}", "stripe: {authorization: ••••}"),
        ("stripe: {authorization: 'a b'}", "stripe: {authorization: •••••}"),
        ("stripe: [a, {b: c}]", "stripe: [•, {b: •}]"),
        ("otel: [{headers: {url: abc}}]", "otel: [{headers: {url: •••}}]"),
        ("otel: [{authorization: {env: a-b}}]", "otel: [{authorization: {env: •••}}]"),
        ("otel:\n  - authorization: |\n      a\n      b\nid: c", None),
        ("id: &a abc\nstripe: {authorization: *a}", "id: ••••••\nstripe: {authorization: *a}"),
        ("stacks: {headers: {stripe: {authorization: a}}}", None),
        ("stacks: {prod: {authorization: a}}", "stacks: {prod: {authorization: •}}"),
        ("provider_configs: {a: b}", "provider_configs: {a: •}"),
        ("provider_configs: {a: {secret: b}}", "provider_configs: {a: {secret: •}}"),
        ("provider_configs: {a: {secrets: b}}", "provider_configs: {a: {secrets: •}}"),
        ("provider_configs: {a: {secret: {env: b}}}", "provider_configs: {a: {secret: {env: •}}}"),
        ("{secret: abc}", "{secret: •••}"),
        ("{base_url: 'https://a:b@c'}", None),
        ("{base_url: 'https://a?key=b'}", None),
        ("{name: a, value: b}", "{name: a, value: •}"),
        ("stripe {authorization: abc}", "stripe {•••••••••••••: ••••"),
        ("stripe:\n  authorization abc: 1", "stripe:\n  authorization •••: •"),
        ("otel: [{url: 'https://a', authorization:abc}]", None),
        ("provider_configs: {a: {secret abc}}", "provider_configs: {a: {secret •••}}"),
        ('provider_configs: {a: {"secret \\x41": }}', None),
        (
            "provider_configs: {a: {secret: {sk-12345678: }}}",
            "provider_configs: {a: {secret: {•••••••••••: }}}",
        ),
        (
            "provider_configs: {a: {secret_id: sk-1}}",
            "provider_configs: {a: {secret_id: ••••}}",
        ),
    ],
)
def test_what_is_a_secret_is_masked(text, shown):
    value, seen = read(text)
    assert shown in {None, seen}
    assert "•" in seen
    assert len(seen) == len(text)
    assert seen.count("\n") == text.count("\n")
    assert "•" in str(value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("headers: {x-version: 2026-01-01, accept: application/json}", None),
        ("headers: {x-api-key: abc, X-Auth: d}", "headers: {x-api-key: •••, X-Auth: •}"),
        ("headers: {x-keyboard: abc, x-author: me}", None),
        ("headers: {x-a: Bearer b}", "headers: {x-a: ••••••••}"),
        ("headers: {x-a: sk-12345678}", "headers: {x-a: •••••••••••}"),
        ("headers: {x-a: {env: KEY}, x-b: {config: key}}", None),
        ("headers: {x-a: {env: no-name}}", "headers: {x-a: {env: •••••••}}"),
        ("headers: {x-a: {value: abc}}", "headers: {x-a: {value: •••}}"),
        ("headers: {x-token: [abc]}", "headers: {x-token: [•••]}"),
        (
            "stacks: {a: {headers: {x-b: c, x-key: d}}}",
            "stacks: {a: {headers: {x-b: c, x-key: •}}}",
        ),
        ("otel: [{headers: {x-a: b}}]", "otel: [{headers: {x-a: •}}]"),
    ],
)
def test_headers_of_a_custom_provider_may_be_plain(text, shown):
    spans = secrets(compose(text), text, plain_headers=True)
    assert masked(text, spans) == (text if shown is None else shown)


def test_a_text_that_doubles_itself_takes_no_time():
    levels = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, x{n}]\n" for n in range(1, 90))
    text = f"stripe:\n a0: &a0 [b, c]\n{levels}".replace("\na", "\n a")
    assert masked(text, secrets(compose(text), text)).count("•") > 90


def test_a_value_that_holds_itself_ends():
    text = "stripe: &a [b, *a, {c: *a}]"
    assert masked(text, secrets(compose(text), text)) == "stripe: &a [•, *a, {c: *a}]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("authorization: @abc", "authorization: ••••"),
        ("{authorization: abc, b: c", "{authorization: •••, b: c"),
        ('"authorization": "a, b" c', '"authorization": •••••• c'),
        ("Authorisation: 'abc", "Authorisation: ••••"),
        ("authorization: {env: A", "authorization: {env: A"),
        ("authorization:\n  env: A", "authorization:\n  env: A"),
        ("secret: abc", "secret: •••"),
        ("secret: {env: A", "secret: {env: A"),
        ("secret_id: abc", "secret_id: abc"),
        ("headers: {X-Api-Key: abc, x-token: d", "headers: {X-Api-Key: •••, x-token: •"),
        ("url: https://me:abc@a.b/c", "url: https://••••••@a.b/c"),
        ("  Bearer abc\n", "  Bearer •••\n"),
        ("authorization sk-12345678\nb: [", "authorization •••••••••••\nb: ["),
        ("a: the secret is kept, [", "a: the secret is kept, ["),
        ("max_tokens: 60, url: https://a.b/c@d", "max_tokens: 60, url: https://a.b/c@d"),
    ],
)
def test_lines_of_a_text_that_is_no_yaml(text, shown):
    assert masked_lines(text) == shown
