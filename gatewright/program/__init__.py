"""The Pulumi program: a model in, resources and stack outputs out.

The only part that imports pulumi_cloudflare, which takes a second or two: not before there is
something to deploy.
"""

from gatewright.model import Deployment
from gatewright.program import sdk

sdk.prepare()  # before whatever imports pulumi_cloudflare


def deploy(deployment: Deployment) -> None:
    """Register every declared object and export the stack's outputs.

    Raises `pulumi.RunError`, before anything is registered, for a missing setting or
    secret, or a permission that the account does not have.
    """
    from gatewright.program.registration import register  # noqa: PLC0415  # see above

    register(deployment)
