"""What of a gateway stays when it leaves the specs."""

import pulumi

from gatewright.model import Gateway


def of(gateway: Gateway) -> pulumi.ResourceOptions:
    """The options of a gateway and of what is below it, which goes first and so is kept too."""
    return pulumi.ResourceOptions(protect=gateway.protect, retain_on_delete=gateway.retain)
