"""What the token may do: each family of the API that the specs need.

Reading is tried; writing never is, but the token's own policies tell, where it may see them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gatewright.doctor.api import Answer
from gatewright.doctor.line import Line, fail, ok, warn
from gatewright.envelope import objects
from gatewright.errors import ExitCode
from gatewright.model import Deployment, TokenKind

_OK = 200
_REFUSED = (401, 403)

#: Whether something needs a family; where the specs are not known, what most projects need.
_Need = Callable[[Deployment | None], bool]


def _always(_: Deployment | None) -> bool:
    return True


def _account_tokens(declared: Deployment | None) -> bool:
    return declared is None or any(one.kind is TokenKind.ACCOUNT for one in declared.tokens)


def _user_tokens(declared: Deployment | None) -> bool:
    return declared is not None and any(one.kind is TokenKind.USER for one in declared.tokens)


def _custom_providers(declared: Deployment | None) -> bool:
    return declared is not None and bool(declared.custom_providers)


def _provider_keys(declared: Deployment | None) -> bool:
    return declared is not None and any(one.provider_configs for one in declared.gateways)


def _workers(declared: Deployment | None) -> bool:
    return declared is not None and bool(declared.workers)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of the API: a harmless question, what answers it, and who needs it."""

    name: str
    path: str
    permissions: str
    used_by: str
    is_needed: _Need


#: Source of the permissions: Cloudflare's API reference.
FAMILIES = (
    Family(
        "AI gateways",
        "accounts/{account_id}/ai-gateway/gateways?per_page=50",
        "`AI Gateway Read` (to deploy, `AI Gateway Write`)",
        "`pulumi up`, `verify` and `drift`",
        _always,
    ),
    Family(
        "custom providers",
        "accounts/{account_id}/ai-gateway/custom-providers?per_page=1",
        "`AI Gateway Read` (to deploy, `AI Gateway Write`)",
        "`pulumi up`, `verify` and `drift`",
        _custom_providers,
    ),
    Family(
        "account tokens",
        "accounts/{account_id}/tokens?per_page=1",
        "`Account API Tokens Read` (to deploy, `Account API Tokens Write`)",
        "`pulumi up`, `verify` and `drift`",
        _account_tokens,
    ),
    Family(
        "permission groups",
        "accounts/{account_id}/tokens/permission_groups",
        "`Account API Tokens Read`",
        "`pulumi up`",
        _account_tokens,
    ),
    Family(
        "users' tokens",
        "user/tokens?per_page=1",
        "`API Tokens Read` (to deploy, `API Tokens Write`)",
        "`pulumi up`, `verify` and `drift`",
        _user_tokens,
    ),
    Family(
        "Workers",
        "accounts/{account_id}/workers/scripts",
        "`Workers Scripts Read` (to deploy, `Workers Scripts Write`)",
        "`pulumi up`, `verify` and `drift`",
        _workers,
    ),
)

#: What deploying takes.
_WRITES: tuple[tuple[str, _Need], ...] = (
    ("AI Gateway Write", _always),
    ("Account API Tokens Write", _account_tokens),
    ("API Tokens Write", _user_tokens),
    ("Secrets Store Write", _provider_keys),
    ("Workers Scripts Write", _workers),
)


def needed(declared: Deployment | None) -> Iterator[Family]:
    """Those that ``declared`` is deployed and read back with."""
    return (family for family in FAMILIES if family.is_needed(declared))


def permission_line(family: Family, answer: Answer) -> Line:
    """What ``answer`` to the family's question says."""
    topic = "may read"
    if answer.status == _OK:
        return ok(topic, family.name)
    text = f"{family.name}: {answer.said or 'no answer'}"
    if answer.status in _REFUSED:
        fix = f"give the token {family.permissions}; {family.used_by} needs it"
        return fail(topic, text, fix, ExitCode.CREDENTIALS)
    return fail(topic, text, "try again; is the account's id right?", ExitCode.COULD_NOT_RUN)


def deploying_line(policies: Any, declared: Deployment | None) -> Line:
    """What the token's own ``policies`` say of deploying."""
    granted = _granted(policies)
    wanted = [name for name, is_needed in _WRITES if is_needed(declared)]
    if missing := [name for name in wanted if name not in granted]:
        return warn(
            "may deploy",
            f"the token is without {_named(missing)}",
            "give it that for `pulumi up`; for the other verbs it is better without",
        )
    return ok("may deploy", ", ".join(f"`{name}`" for name in wanted))


def handing_lines(policies: Any, declared: Deployment | None) -> Iterator[Line]:
    """What the token's own ``policies`` say of the tokens that it is to make."""
    granted = _granted(policies)
    for token in declared.tokens if declared else ():
        if missing := [name for name in token.permissions if name not in granted]:
            yield warn(
                "may hand on",
                f"the declared token `{token.name}` is to have {_named(missing)}, "
                "which the deploying token has not",
                "give the deploying token that too: Cloudflare may refuse to pass on what the "
                "maker has not",
            )


def _granted(policies: Any) -> set[str]:
    """The names of the permission groups that are allowed."""
    return {
        str(group.get("name"))
        for policy in objects(policies)
        if policy.get("effect") == "allow"
        for group in objects(policy.get("permission_groups"))
    }


def _named(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
