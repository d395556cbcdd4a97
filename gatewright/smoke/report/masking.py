"""Secrets in all the forms that a report may give them."""

import json
from collections.abc import Iterable
from html import escape

from gatewright.markdown_text import plain
from gatewright.redaction import Redactor, Secret

#: What a shell's quoting makes of a single quote.
_SHELL_QUOTE = "'\"'\"'"


def redactor_of(secrets: Iterable[Secret]) -> Redactor:
    """Masks ``secrets`` wherever a report repeats them.

    In a body one is JSON, in the command that JSON is quoted for a shell, and what comes
    of that is escaped once more by HTML and XML.
    """
    return Redactor({form for secret in secrets for form in _forms(secret.reveal())})


def _forms(value: str) -> set[str]:
    forms = {value, json.dumps(value)[1:-1]}
    forms |= {form.replace("'", _SHELL_QUOTE) for form in forms}
    forms |= {escape(form, quote=quote) for form in forms for quote in (True, False)}
    return {*forms, plain(value)}
