"""Cloudflare AI gateways as code: specs, provisioning with Pulumi, smoke checks."""

__version__ = "0.1.0"
