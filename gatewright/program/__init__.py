"""The Pulumi program: a model in, resources and stack outputs out.

The only part that imports pulumi_cloudflare, which takes a second or two: not before there is
something to deploy.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi

from gatewright.errors import GatewrightError
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


@contextmanager
def sentences() -> Iterator[None]:
    """Within it an error for a person is one for Pulumi, which shows it without a traceback."""
    try:
        yield
    except GatewrightError as error:
        hint = f"\nhint: {error.hint}" if error.hint else ""
        raise pulumi.RunError(f"{error.message}{hint}") from error
