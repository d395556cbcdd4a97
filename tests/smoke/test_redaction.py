"""Secrets are masked in every form they travel in; ordinary text survives."""

import base64
import copy
import json
import pickle
import secrets
import string
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.redaction import MASK, Redactor, Secret

TOKENS = st.text(string.ascii_letters + string.digits + "_-", min_size=16, max_size=60)
AWKWARD = st.text(min_size=8, max_size=40).filter(lambda text: text.strip() == text)
WORDS = st.lists(
    st.sampled_from(["the", "token", "of", "a", "bearer", "was", "refused", "with", "401"])
).map(" ".join)

FORMS = {
    "plain": str,
    "json": json.dumps,
    "json unicode": lambda value: json.dumps(value, ensure_ascii=False),
    "quoted": lambda value: quote(value, safe="", errors="surrogatepass"),
    "quoted path": lambda value: quote(value, errors="surrogatepass"),
    "quoted form": lambda value: quote_plus(value, errors="surrogatepass"),
    "base64": lambda value: base64.b64encode(value.encode("utf-8", "surrogatepass")).decode(),
    "base64 url": lambda value: base64.urlsafe_b64encode(
        value.encode("utf-8", "surrogatepass")
    ).decode(),
}


@pytest.mark.parametrize("form", FORMS)
@given(secret=TOKENS | AWKWARD, before=WORDS, after=WORDS)
def test_a_known_value_is_masked_in_each_form(
    form: str, secret: str, before: str, after: str
) -> None:
    shown = FORMS[form](secret)
    text = Redactor([secret]).text(f"{before} {shown} {after}")
    assert MASK in text
    assert shown not in text
    assert text.startswith(before)
    assert text.endswith(after)


@given(secret=TOKENS, user=st.text(string.ascii_letters, max_size=9))
def test_a_value_inside_basic_authentication_is_masked(secret: str, user: str) -> None:
    encoded = base64.b64encode(f"{user}:{secret}:{user}".encode()).decode()
    text = Redactor([secret]).text(f"Basic {encoded}")
    assert MASK in text
    left = text.removeprefix("Basic ").split(MASK)
    assert sum(len(part) for part in left) <= 4 * (2 * len(user) + 2) / 3 + 8


@given(secret=TOKENS, text=WORDS)
def test_ordinary_text_survives(secret: str, text: str) -> None:
    assert Redactor([secret]).text(text) == text


@given(secret=TOKENS, text=st.text())
def test_twice_is_as_once(secret: str, text: str) -> None:
    redactor = Redactor([secret])
    once = redactor.text(f"{text} {secret} Bearer {secret} {text}")
    assert redactor.text(once) == once


@pytest.mark.parametrize("prefix", ["cfut_", "cfat_", "cfk_", "cfoat_"])
def test_cloudflares_tokens_are_known_by_their_shape(prefix: str) -> None:
    token = prefix + secrets.token_hex(24)
    assert Redactor().text(f"the token {token}, again") == f"the token {MASK}, again"


@pytest.mark.parametrize("word", ["Bearer ", "bearer ", "BEARER  ", "Bearer%20"])
def test_bearer_values_are_known_by_their_shape(word: str) -> None:
    token = secrets.token_hex(20)
    assert Redactor().text(f"{word}{token}") == f"{word}{MASK}"
    assert Redactor().text(f"'{word}{token}'") == f"'{word}{MASK}'"


def test_passwords_in_urls_are_known_by_their_shape() -> None:
    password = secrets.token_hex(8)
    shown = Redactor().text(f"proxy http://me:{password}@proxy.example.com:3128/ refused")
    assert shown == f"proxy http://{MASK}@proxy.example.com:3128/ refused"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer $GATEWRIGHT_TOKEN",
        "the bearer authentication-required is a check",
        "cf-aig-authorization: Bearer deliberately-wrong-token-from-gatewright",
        "https://gateway.example.com:8080/v1/a/support and me@example.com",
        "@cf/meta/llama-3.1-8b-instruct",
        "sha256:" + "0123456789abcdef" * 4,
        "cfat_short",
        "",
    ],
)
def test_what_only_looks_a_little_like_a_secret_survives(text: str) -> None:
    assert Redactor(["", "abc"]).text(text) == text


def test_of_two_values_the_longer_is_masked_whole() -> None:
    value = secrets.token_hex(20)
    assert Redactor([value[:10], value]).text(value) == MASK


@given(TOKENS)
def test_a_secret_shows_itself_to_reveal_only(value: str) -> None:
    secret = Secret(value)
    shown = f"{secret} {secret!r} {secret:}" + repr([secret]) + repr({"token": secret})
    assert value not in shown
    assert secret.reveal() == value
    assert secret == Secret(value)
    assert hash(secret) == hash(Secret(value))
    assert secret != value


def test_a_secret_survives_a_copy() -> None:
    secret = Secret(secrets.token_hex(20))
    assert copy.deepcopy(secret) == pickle.loads(pickle.dumps(secret)) == secret  # noqa: S301  # our own
