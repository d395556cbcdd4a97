"""Which proxy leads to where, and the certificates that go with it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from gatewright.doctor.line import Line, fail, ok
from gatewright.errors import ExitCode
from gatewright.redaction import Redactor

#: No proxy leads to this machine, whatever the environment says: patterns as httpx has them.
LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


def proxy_lines(urls: Mapping[str, str], environment: Mapping[str, str]) -> Iterator[Line]:
    """How each of ``urls`` (name → URL) is reached."""
    redactor = Redactor()
    for name, url in urls.items():
        proxy, reason = _proxy(url, environment)
        text = f"{name}: {f'through {redactor.text(proxy)}' if proxy else 'directly'}, {reason}"
        if proxy and not proxy.startswith(("http://", "https://", "socks5://", "socks5h://")):
            fix = "it takes `http://host:port`"
            yield fail("proxy", text, fix, ExitCode.USAGE)
        else:
            yield ok("proxy", text)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        path = environment.get(name)
        if path and not Path(path).exists():
            yield fail(
                "certificates",
                f"{name} names `{path}`, which is not there",
                f"correct {name}, or unset it",
                ExitCode.USAGE,
            )


def is_loopback(url: str) -> bool:
    """Whether ``url`` is of this machine."""
    return urlsplit(url).hostname in _LOOPBACK_HOSTS


def _proxy(url: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The proxy, empty if there is none, and what decides it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(url):
        return "", "it is this machine"
    for name in (f"{parts.scheme}_proxy", "all_proxy"):
        for variable in (name, name.upper()):
            if value := environment.get(variable):
                bypass = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
                if _is_listed(host, bypass):
                    return "", "by NO_PROXY"
                return value, f"by {variable}"
    return "", "no proxy is set for it"


def _is_listed(host: str, bypass: str) -> bool:
    names = [name.strip().lstrip(".").lower() for name in bypass.split(",")]
    return any(name and (name in {"*", host} or host.endswith(f".{name}")) for name in names)
