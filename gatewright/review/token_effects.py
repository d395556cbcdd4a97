"""What the change of a token means."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from gatewright.model import Token
from gatewright.model.token import RequestIp
from gatewright.review.difference import Difference, Effect, Risk

_Network = IPv4Network | IPv6Network


def changed(difference: Difference, before: Token | None, after: Token | None) -> Iterator[Effect]:
    """The effects of a token that is there before and after."""
    if before is None or after is None:
        return
    gained = sorted(set(after.permissions) - set(before.permissions))
    lost = sorted(set(before.permissions) - set(after.permissions))
    if gained:
        yield Effect(Risk.HIGH, f"token widened: it may now do {', '.join(gained)}")
    if lost:
        yield Effect(Risk.MEDIUM, f"whoever uses it for {', '.join(lost)} is refused")
    if difference.changed("generation", "kind"):
        yield Effect(Risk.HIGH, "a new token replaces it: its users need the new value")
    if difference.changed("request_ip"):
        yield _addresses(before.request_ip or RequestIp(), after.request_ip or RequestIp())
    if (after.not_before or "") > (before.not_before or ""):
        yield Effect(Risk.MEDIUM, f"whoever uses it before {after.not_before} is refused")
    elif after.not_before != before.not_before:
        yield Effect(Risk.LOW, "it begins earlier")
    if before.expires and (after.expires is None or after.expires > before.expires):
        yield Effect(Risk.MEDIUM, "it lives longer")
    elif after.expires != before.expires:
        yield Effect(Risk.LOW, "it ends earlier")


def _addresses(before: RequestIp, after: RequestIp) -> Effect:
    was, now = _networks(before.allow) or _ANYWHERE, _networks(after.allow) or _ANYWHERE
    is_narrower = _holds(was, now) and _holds(_networks(after.deny), _networks(before.deny))
    if is_narrower:
        return Effect(Risk.MEDIUM, "it may be used from fewer addresses")
    if any(network.prefixlen == 0 for network in now):
        but = ", but for those it names" if after.deny else ""
        return Effect(Risk.HIGH, f"it may be used from anywhere{but}")
    return Effect(Risk.MEDIUM, "it may be used from other addresses")


def _networks(texts: Iterable[str]) -> tuple[_Network, ...]:
    """The fewest that cover the same."""
    networks = [ip_network(text, strict=False) for text in texts]
    of_4 = [each for each in networks if isinstance(each, IPv4Network)]
    of_6 = [each for each in networks if isinstance(each, IPv6Network)]
    return (*collapse_addresses(of_4), *collapse_addresses(of_6))


def _holds(outer: tuple[_Network, ...], inner: tuple[_Network, ...]) -> bool:
    """Whether each of ``inner`` is in one of ``outer``."""
    return all(any(_is_in(each, whole) for whole in outer) for each in inner)


def _is_in(part: _Network, whole: _Network) -> bool:
    if isinstance(part, IPv4Network) and isinstance(whole, IPv4Network):
        return part.subnet_of(whole)
    if isinstance(part, IPv6Network) and isinstance(whole, IPv6Network):
        return part.subnet_of(whole)
    return False


_ANYWHERE = _networks(("0.0.0.0/0", "::/0"))
