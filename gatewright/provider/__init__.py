"""A stand-in for the ``cloudflare`` provider plugin, for a loopback Cloudflare only.

It serves Pulumi's provider protocol to the engine and sends to the local API what
the official provider (releases 6.17.0 and one on terraform-provider-cloudflare
5.22.0) was recorded to send: the same requests, refresh semantics, defaults and
retries, faults included. It refuses every other host.

    server → lifecycle → planning → tables → resource → shapes; below it gatewright.plugin
"""
