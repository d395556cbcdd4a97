"""The Pulumi program: a model in, resources and stack outputs out.

The only part that imports pulumi_cloudflare, which takes seconds.
"""

from gatewright.program.deploy import deploy

__all__ = ["deploy"]
