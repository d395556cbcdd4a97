"""What can go wrong while a stack is deployed, what is said then, and what to do.

docs/troubleshooting.md has this table, and tests/e2e/test_fault_table.py goes through it.
"""

from dataclasses import dataclass
from typing import Any

#: What to do, in the words of the documentation.
STEPS = {
    "up": "`pulumi up` again",
    "wait": "wait five minutes",
    "token": "set CLOUDFLARE_API_TOKEN to one that works",
    "follow": "`pulumi up` again, which names what is there already and the command for it: "
    "`GATEWRIGHT_ADOPT=<id> pulumi up` takes it over, `gatewright token revoke <id>` ends a token "
    "whose value is lost",
    "revoke": "`gatewright token revoke <id>`, as the warning says",
    "cancel": "`pulumi cancel`",
    "clear": "`pulumi refresh --clear-pending-creates`",
    "refresh": "`pulumi refresh`",
    "other": "wait until the other has ended",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A fault; without ``steps`` the deployment gets over it by itself.

    ``faults`` are the emulator's. ``said`` is part of what Pulumi prints. ``way`` names what
    the test does instead of one `up` with the faults. ``limit`` is the number of requests in
    five minutes, of which all but a few are used up.
    """

    name: str
    faults: tuple[dict[str, Any], ...]
    said: str = ""
    steps: tuple[str, ...] = ()
    way: str = "up"
    limit: int | None = None


def _post(path: str, **fault: Any) -> tuple[dict[str, Any], ...]:
    return ({"method": "POST", "path": f"/{path}$", **fault},)


ROWS = (
    Row(
        "429 with `retry-after`; slow answers; 504, or a lost connection, after a route was made",
        (
            *_post("tokens", status=429, retry_after=1),
            *_post("gateways", delay=1),
            *_post("routes", status=504, when="after"),
            *_post("routes", nth=2, reset=True, when="after"),
        ),
    ),
    Row(
        "429 without `retry-after`, again and again",
        _post("gateways", status=429, times=0),
        "(code 971, HTTP 429",
        ("up",),
    ),
    Row("1,200 requests in five minutes", (), "(code 971, HTTP 429", ("wait", "up"), limit=40),
    Row("500, again and again", _post("gateways", status=500, times=0), "HTTP 500", ("up",)),
    Row(
        "504 after a gateway was created",
        _post("gateways", status=504, when="after"),
        "already exists",
        ("follow",),
    ),
    Row(
        "504 after a token was created",
        _post("tokens", status=504, when="after"),
        "a second token named",
        ("revoke",),
    ),
    Row(
        "504 after a gateway was deleted",
        ({"method": "DELETE", "path": "/gateways/c$", "status": 504, "when": "after"},),
        "Gateway not found (code 7002, HTTP 404",
        ("refresh", "up"),
        way="delete",
    ),
    Row(
        "the connection is reset, again and again",
        _post("gateways", reset=True, times=0),
        "did not answer (connection reset) while creating gateway",
        ("up",),
    ),
    Row(
        "the deploying token is revoked half-way",
        ({"path": "", "status": 401, "nth": 5, "times": 0},),
        "Authentication error (code 10000, HTTP 401",
        ("token", "up"),
    ),
    Row(
        "the engine is killed half-way",
        (
            *_post("gateways", delay=30, when="after", times=0),
            *_post("tokens", delay=30, when="after"),
        ),
        "the stack is currently locked by 1 lock(s)",
        ("cancel", "clear", "follow"),
        way="kill",
    ),
    Row(
        "two deploy at once",
        _post("gateways", delay=10),
        "the stack is currently locked by 1 lock(s)",
        ("other",),
        way="two",
    ),
)


def table() -> str:
    """In Markdown, as the documentation has it."""
    head = ["| what happens | what is said | what to do |", "|---|---|---|"]
    lines = [
        f"| {row.name} | {f'`{row.said}`' if row.said else ''} | "
        f"{', then '.join(STEPS[step] for step in row.steps) or 'nothing: it goes on by itself'} |"
        for row in ROWS
    ]
    return "\n".join([*head, *lines])
