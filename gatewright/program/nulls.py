"""A warning before an update that sends a null inside an object.

The provider compares with the state below the top level too: what left `guardrails` or
`dlp`, while the block itself stays, goes out as ``null``. Cloudflare's API types have
no null there, and the program has nothing else to send: a category has no "off".
Whether Cloudflare refuses it is not verified, hence a warning and no refusal.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

_OBJECTS = ("guardrails", "dlp")


def before_update() -> pulumi.ResourceHook:
    """A hook for gateways, in previews too."""
    options = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHook("nested-nulls", _warn, options)


def _warn(args: pulumi.ResourceHookArgs) -> None:
    olds, news = args.old_outputs or {}, args.new_inputs or {}
    for name in _OBJECTS:
        gone = [*left(name, olds.get(name), news.get(name))]
        if gone:
            pulumi.log.warn(
                f"gateway `{args.name}`: `{'`, `'.join(gone)}` is sent as null, which Cloudflare "
                f"is expected to refuse (7001). hint: if it does, take the whole `{name}` out of "
                "the spec, `up`, put it back, `up`"
            )


def left(place: str, old: Any, new: Any) -> Iterator[str]:
    """Where something was and is not any more, below an object that stays."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    for key, value in old.items():
        if value is not None and new.get(key) is None:
            yield f"{place}.{key}"
        else:
            yield from left(f"{place}.{key}", value, new.get(key))
