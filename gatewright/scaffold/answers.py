"""What a new project is made from."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from gatewright.errors import UsageError
from gatewright.spec import schemas
from gatewright.spec.words import quoted

MODEL = "@cf/meta/llama-3.1-8b-instruct"
GATEWAY = "assistant"
STACK = "prod"

#: Stems of files that declare no gateway.
_RESERVED = frozenset({"defaults", "stacks"})


class _Form(NamedTuple):
    """What an answer is called, the flag that gives it, and how it has to be."""

    noun: str
    flag: str
    pattern: str
    must: str


def _gateway() -> _Form:
    """The schema's own words."""
    schema: dict[str, Any] = schemas.schema("gateway")["properties"]["id"]
    bounded = f"(?=.{{1,{schema['maxLength']}}}$)(?!({'|'.join(sorted(_RESERVED))})$)"
    must = f"{schema['patternErrorMessage']}; at most {schema['maxLength']} of them"
    return _Form("the gateway's id", "--gateway", bounded + schema["pattern"], must)


_FORMS = {
    # Pulumi allows more; it names files, workflows and a token, too.
    "name": _Form(
        "the project's name",
        "--name",
        r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}",
        "must be letters, digits, `-`, `_` and `.`, the first a letter or a digit; at most 64",
    ),
    "model": _Form(
        "the model",
        "--model",
        r"@(cf|hf)/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+",
        "must be a model of Workers AI, `@cf/vendor/name`",
    ),
    "stack": _Form(
        "the stack's name",
        "--stack",
        r"(?!local$)[A-Za-z0-9_.-]{1,100}",
        "must be letters, digits, `-`, `_` and `.`, and not `local`, which never meets an account",
    ),
    "account": _Form(
        "the account's id", "--account", r"([0-9a-f]{32})?", "must be 32 hexadecimal digits"
    ),
    "branch": _Form(
        "the branch that is deployed",
        "--branch",
        r"[A-Za-z0-9][A-Za-z0-9_./-]*",
        "must be letters, digits and any of `-_./`",
    ),
    "requirement": _Form(
        "the requirement",
        "--requirement",
        r"[A-Za-z0-9./][!-~ ]*",
        "must be one line as pip takes it, and no option",
    ),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """All of them, each checked: `UsageError` says which is wrong, and how it has to be.

    ``account`` is empty if it is to come from the environment. ``requirement`` is a line of
    requirements.txt, ``expires`` the end of the declared token.
    """

    name: str
    gateway: str
    model: str
    stack: str
    account: str
    branch: str
    requirement: str
    expires: date

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name != "expires":
                checked(field.name, getattr(self, field.name))


def checked(what: str, value: str) -> str:
    """``value``, if it can be the answer ``what``; raises `UsageError`."""
    form = _gateway() if what == "gateway" else _FORMS[what]
    if not re.fullmatch(form.pattern, value):
        raise UsageError(
            f"{form.noun} cannot be {quoted(value)}: it {form.must}",
            hint=f"`{form.flag}` gives another",
        )
    return value
