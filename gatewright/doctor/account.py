"""The account: reachable, the clock, the token's worth, its permissions, the quotas."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from gatewright.doctor.api import Answer, Api
from gatewright.doctor.families import (
    deploying_line,
    handing_lines,
    needed,
    permission_line,
)
from gatewright.doctor.line import Line, fail, ok, warn
from gatewright.doctor.proxy import is_loopback
from gatewright.doctor.quotas import gateway_quota, request_quota
from gatewright.errors import ExitCode
from gatewright.model import Deployment

_OK = 200
#: Too many requests, and whatever ails the API itself.
_PASSING = frozenset({429, *range(500, 600)})

#: A token that has just been made is refused by whoever is behind by more than this.
_SKEW_SECONDS = 30
_SOON = timedelta(days=30)

_SET_TOKEN = "set CLOUDFLARE_API_TOKEN to a token of this account"  # noqa: S105  # a sentence


def account_lines(api: Api, account_id: str, declared: Deployment | None) -> Iterator[Line]:
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
    if fault := _not_the_api(verified):
        sentence, fix = fault
        said = f"`{api.url}` {sentence}"
        yield fail("reachable", said, fix, ExitCode.COULD_NOT_RUN)
        return
    yield ok("reachable", f"`{api.url}` answers")
    yield from _clock(verified)
    place, verified = _verified(api, account_id, verified)
    if wrong := _wrong(verified):
        fix = f"{_SET_TOKEN}; is it expired, or of another account?"
        yield fail("token", wrong, fix, ExitCode.CREDENTIALS)
        return
    yield _token(place, verified.result, api.now() + _SOON)
    own = api.get(f"{place}/{verified.result.get('id')}")
    if own.status == _OK and isinstance(own.result, dict):
        policies = own.result.get("policies")
        yield deploying_line(policies, declared)
        if not is_loopback(api.url):  # the local Cloudflare has any token make any other
            yield from handing_lines(policies, declared)
    answers = {
        family: api.get(family.path.format(account_id=account_id)) for family in needed(declared)
    }
    yield from (permission_line(family, answer) for family, answer in answers.items())
    yield from gateway_quota(next(iter(answers.values())), declared)
    yield from request_quota([*answers.values()][-1])


def _not_the_api(answer: Answer) -> tuple[str, str] | None:
    """What came in place of an answer about the token, and what to do; None if it came."""
    if not answer.body:
        return (
            f"answered {answer.status} with something that is not of Cloudflare's API",
            "check CLOUDFLARE_BASE_URL, and proxies, firewalls and logins in between",
        )
    if answer.status in _PASSING:
        return f"answered {answer.said}", "wait a few minutes; www.cloudflarestatus.com tells more"
    return None


def smoke_token_line(api: Api, account_id: str) -> Line:
    """What is known of the token given for smoke checks, which is that of ``api``.

    ``account_id`` is empty if none is known.
    """
    said = "GATEWRIGHT_TOKEN is set: `gatewright smoke` sends it in place of a declared token"
    if account_id:
        verified = api.get(f"accounts/{account_id}/tokens/verify")
        _, verified = _verified(api, account_id, verified)
        is_known = verified.status is not None and not _not_the_api(verified)
        if is_known and (wrong := _wrong(verified)):
            fix = "set it to a token that is valid, or unset it to use the declared one"
            return fail("smoke token", f"{said}, and {wrong}", fix, ExitCode.CREDENTIALS)
    return warn("smoke token", said, "unset it to check with the token that the stack declares")


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


_USERS = "user/tokens"


def _verified(api: Api, account_id: str, as_account: Answer) -> tuple[str, Answer]:
    """The path of the tokens that ours is one of, an account's or a user's, and its answer."""
    if as_account.status != _OK:
        as_user = api.get(f"{_USERS}/verify")
        if as_user.status == _OK:
            return _USERS, as_user
    return f"accounts/{account_id}/tokens", as_account


def _wrong(verified: Answer) -> str:
    """What keeps a token from being of use; empty if nothing does."""
    if verified.status != _OK:
        return f"it is refused: {verified.said}"
    status = verified.result.get("status") if isinstance(verified.result, dict) else None
    return "" if status == "active" else f"it is {status or 'of an unknown state'}"


def _token(place: str, found: Mapping[str, Any], soon: datetime) -> Line:
    """One that is active; to end before ``soon`` is a warning."""
    whose = "a user's" if place == _USERS else "account-owned"
    until = found.get("expires_on")
    if isinstance(until, str) and until < f"{soon:%Y-%m-%dT%H:%M:%SZ}":
        return warn(
            "token",
            f"active, {whose}, but it ends at {until}",
            "make another in time, or deployments stop with it",
        )
    return ok("token", f"active, {whose}, {f'until {until}' if until else 'without an end'}")
