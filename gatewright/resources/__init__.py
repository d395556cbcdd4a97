"""Pulumi's plugin `gatewright`: what pulumi-cloudflare cannot express or keep.

Dynamic routes, stored keys of providers (BYOK) and custom providers. Of ours it
imports only what plugins share.

    server → lifecycle → dynamic_route, provider_config, custom_provider → kind
"""
