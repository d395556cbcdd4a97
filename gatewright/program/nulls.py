"""A warning before an update that sends a null inside an object.

The provider compares with the state below the top level too: what left `guardrails` or
`dlp`, while the block itself stays, goes out as ``null``. Cloudflare's API types have
no null there, and the program has nothing else to send: a category has no "off".
Whether Cloudflare refuses it is not verified, hence a warning and no refusal.
"""

from collections.abc import Container

import pulumi

from gatewright.model import nested


def possible(sent: Container[str]) -> bool:
    """Whether an update to the gateway ``sent`` can have such a null."""
    return any(name in sent for name in nested.OBJECTS)


def before_update() -> pulumi.ResourceHook:
    """A hook for the gateways where it is possible, in previews too."""
    options = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHook("nested-nulls", _warn, options)


def _warn(args: pulumi.ResourceHookArgs) -> None:
    gone = sorted(nested.nulls(args.old_outputs or {}, args.new_inputs or {}))
    if gone:
        pulumi.log.warn(
            f"gateway `{args.name}`: `{'`, `'.join(gone)}` is sent as null, which Cloudflare is "
            "expected to refuse (7001). hint: `gatewright deploy` sends the gateway without it; "
            "with plain `pulumi up`, take the whole block out of the spec, `up`, put it back, `up`"
        )
