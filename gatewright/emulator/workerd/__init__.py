"""Cloudflare's own Workers runtime as child processes, one for each Worker that is called."""
