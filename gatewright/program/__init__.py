"""The Pulumi program: a model in, resources and stack outputs out.

The only part that imports pulumi_cloudflare, which takes seconds.
"""

from gatewright.program import sdk

sdk.prepare()  # before whatever imports pulumi_cloudflare

from gatewright.program.deploy import deploy  # noqa: E402  # see above

__all__ = ["deploy"]
