"""Where secrets are in a spec, and a glance that tells which texts may hold one."""

#: Below these keys everything is a secret, in whatever section and however deep. The spec
#: has no such keys as the last four, but people write them.
KEYS = frozenset({"authorization", "headers", "secret", "value", "token", "password", "api_key"})
#: In these sections everything is one that is not known to be harmless, by the word for what is.
SECTIONS = {"otel": "section", "stripe": "section", "provider_configs": "names of keys"}
#: An address may hold a user and a password, or a key in its query.
ADDRESSES = frozenset({"base_url", "link"})
#: A text without these holds no secret that we would know.
WORDS = KEYS | SECTIONS.keys() | ADDRESSES


def may_be_in(text: str) -> bool:
    """Whether ``text`` has a word that secrets are found by; without one it holds none we know."""
    return any(word in text for word in WORDS)
