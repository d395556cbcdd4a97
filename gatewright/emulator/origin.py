"""Whether a request comes from this machine's own pages and programs, or from a web site.

A browser lets any site send requests here, and lets it read the replies if its own name leads
here. It says which site it was in `Origin`, and under which name in `Host`.
"""

import ipaddress

from gatewright.emulator.web import Request


def is_local(host: str) -> bool:
    """Whether a host name, perhaps with a port, is this machine's own."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    try:
        return name == "localhost" or ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def from_web_site(request: Request) -> bool:
    """Whether a page of another site sent it, or had it sent under another name."""
    origin = request.header(b"origin")
    sent_by = origin.partition("://")[2] if origin is not None else "localhost"
    return not (is_local(request.header(b"host") or "") and is_local(sent_by))
