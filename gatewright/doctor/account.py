"""The account: reachable, the token's worth, its permissions, the clock, the quota."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from gatewright.doctor.api import Answer, Api
from gatewright.doctor.line import Line, fail, ok, warn
from gatewright.errors import ExitCode

_OK = 200
_UNAUTHORIZED = 401
_REFUSED = (_UNAUTHORIZED, 403)

#: A token that has just been made is refused by whoever is behind by more than this.
_SKEW_SECONDS = 30
_SOON = timedelta(days=30)
_FREE_GATEWAYS = 10
_PAID_GATEWAYS = 20

_TO_DEPLOY = ("AI Gateway Write", "Account API Tokens Write")
_SET_TOKEN = "set CLOUDFLARE_API_TOKEN to a token of this account"  # noqa: S105  # a sentence


@dataclass(frozen=True, slots=True)
class _Family:
    """A family of the API: a harmless question, what answers it, and who needs it."""

    name: str
    path: str
    permissions: str
    used_by: str


_FAMILIES = (
    _Family(
        "AI gateways",
        "ai-gateway/gateways?per_page=1",
        "`AI Gateway Read` (to deploy, `AI Gateway Write`)",
        "`pulumi up`, `verify` and `drift`",
    ),
    _Family(
        "account tokens",
        "tokens?per_page=1",
        "`Account API Tokens Read` (to deploy, `Account API Tokens Write`)",
        "`pulumi up`, `verify` and `drift`",
    ),
    _Family(
        "permission groups",
        "tokens/permission_groups",
        "`Account API Tokens Read`",
        "`pulumi up`",
    ),
)


def account_lines(api: Api, account_id: str) -> Iterator[Line]:
    """Ends early where nothing more can be known."""
    verified = api.get(f"accounts/{account_id}/tokens/verify")
    if verified.status is None:
        yield fail(
            "reachable",
            f"no answer from `{api.url}`: {verified.said}",
            "check the network, the proxy and CLOUDFLARE_BASE_URL",
            ExitCode.COULD_NOT_RUN,
        )
        return
    yield ok("reachable", f"`{api.url}` answers")
    yield from _clock(verified)
    token = _token(api, verified)
    yield token
    if token.exit_code is not ExitCode.OK:
        return
    if verified.status == _OK:
        yield from _deploying(api, account_id, verified)
    for family in _FAMILIES:
        yield _permission(family, api.get(f"accounts/{account_id}/{family.path}"))
    yield from _quota(api, account_id)


def gateway_line(api: Api, gateway_url: str) -> Line:
    """Any answer will do: without a gateway's path there is nothing to be let into."""
    answer = api.fetch(gateway_url)
    if answer.status is None:
        return fail(
            "gateways",
            f"no answer from `{gateway_url}`: {answer.said}",
            "check the network, the proxy and GATEWRIGHT_GATEWAY_URL",
            ExitCode.COULD_NOT_RUN,
        )
    return ok("gateways", f"`{gateway_url}` answers")


def _clock(answer: Answer) -> Iterator[Line]:
    if answer.skew is None:
        return
    seconds = abs(answer.skew)
    if seconds <= _SKEW_SECONDS:
        yield ok("clock", f"within {_SKEW_SECONDS} s of Cloudflare's")
        return
    side = "ahead of" if answer.skew > 0 else "behind"
    yield warn(
        "clock",
        f"{seconds:.0f} s {side} Cloudflare's: expiries and certificates are judged wrongly",
        "let the system keep the time (`timedatectl set-ntp true`)",
    )


def _token(api: Api, verified: Answer) -> Line:
    """An account-owned token, or a user's own."""
    whose = "account-owned"
    if verified.status != _OK:
        answer = api.get("user/tokens/verify")
        if answer.status != _OK:
            return fail(
                "token",
                f"refused: {verified.said}",
                f"{_SET_TOKEN}; is it expired, or of another account?",
                ExitCode.CREDENTIALS,
            )
        verified, whose = answer, "a user's"
    found = verified.result if isinstance(verified.result, dict) else {}
    status = found.get("status")
    if status != "active":
        return fail("token", f"it is {status}", _SET_TOKEN, ExitCode.CREDENTIALS)
    until = found.get("expires_on")
    if isinstance(until, str) and until < f"{api.now() + _SOON:%Y-%m-%dT%H:%M:%SZ}":
        return warn(
            "token",
            f"active, {whose}, but it ends at {until}",
            "make another in time, or deployments stop with it",
        )
    return ok("token", f"active, {whose}, {f'until {until}' if until else 'without an end'}")


def _deploying(api: Api, account_id: str, verified: Answer) -> Iterator[Line]:
    """What the token's own policies say, where it may read them: writing is never tried."""
    found = verified.result if isinstance(verified.result, dict) else {}
    answer = api.get(f"accounts/{account_id}/tokens/{found.get('id')}")
    if answer.status != _OK or not isinstance(answer.result, dict):
        return
    granted = {
        group.get("name")
        for policy in answer.result.get("policies", [])
        if policy.get("effect") == "allow"
        for group in policy.get("permission_groups", [])
    }
    missing = [name for name in _TO_DEPLOY if name not in granted]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        yield warn(
            "may deploy",
            f"the token is without {names}",
            "give it that for `pulumi up`; for the other verbs it is better without",
        )
    else:
        yield ok("may deploy", "gateways and tokens")


def _permission(family: _Family, answer: Answer) -> Line:
    topic = "may read"
    if answer.status == _OK:
        return ok(topic, f"{family.name}")
    text = f"{family.name}: {answer.said or 'no answer'}"
    if answer.status in _REFUSED:
        fix = f"give the token {family.permissions}; {family.used_by} needs it"
        return fail(topic, text, fix, ExitCode.CREDENTIALS)
    return fail(topic, text, "try again; is the account's id right?", ExitCode.COULD_NOT_RUN)


def _quota(api: Api, account_id: str) -> Iterator[Line]:
    answer = api.get(f"accounts/{account_id}/ai-gateway/gateways?per_page=1")
    info = answer.body.get("result_info")
    count = info.get("total_count") if isinstance(info, dict) else None
    if not isinstance(count, int):
        return
    text = f"{count} gateways in the account, of {_FREE_GATEWAYS} on a free plan, "
    text += f"{_PAID_GATEWAYS} on a paid one"
    if count < _FREE_GATEWAYS:
        yield ok("quota", text)
    else:
        yield warn("quota", text, "remove gateways that nobody calls, or ask for more")
