"""Every verb of the command line in every situation that the sweep for secrets puts it in.

They run from top to bottom on one stack; tests/e2e/test_secrets_sweep.py runs them.
"""

from dataclasses import dataclass, field
from typing import Any

STACK = ("--stack", "local")
DEPLOY = ("deploy", *STACK, "--yes")
REPORTS = tuple(
    word
    for form in ("json", "junit", "markdown", "prometheus", "html")
    for word in ("--report", f"{form}=reports/{form}")
)


@dataclass(frozen=True, slots=True)
class Row:
    """A command, and what is so while it runs.

    ``arguments`` may name ``{token}`` and ``{gone}``, ids of tokens. ``code`` is its exit code.
    ``given`` names what the test does before (a function of it), ``faults`` are the emulator's,
    ``without`` are environment variables that are not set, ``wrong`` are those that hold another
    secret than they should. ``is_local`` rows run with nothing of the stack in the environment.
    """

    situation: str
    arguments: tuple[str, ...]
    code: int = 0
    given: str = ""
    faults: tuple[dict[str, Any], ...] = ()
    without: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    is_local: bool = False

    @property
    def name(self) -> str:
        """For people."""
        return f"`{' '.join(self.arguments)}`, {self.situation}"


COMMENT = (
    "comment",
    "reports",
    "--name",
    "x",
    "--run",
    "https://ci.example",
    "--pull-request",
    "1",
)
LOGGED = ("--debug", "--logtostderr", "--logflow")
#: What fails is not tried for a minute.
AT_ONCE = ("--deadline", "0")
_FAILED_PROVIDER = ({"at": "provider", "path": "workers-ai", "status": 500, "times": 0},)
_REFUSED_AND_LOST = (
    {"method": "POST", "path": "/provider_configs$", "status": 400, "times": 0},
    {"method": "POST", "path": "/custom-providers$", "status": 504, "when": "after"},
)
_FAILED_PUT = ({"method": "PUT", "path": "/full$", "status": 500, "times": 0},)
_TOKEN = ("CLOUDFLARE_API_TOKEN",)
_DOWN = {"CLOUDFLARE_BASE_URL": "http://127.0.0.1:9/client/v4"}
_GITHUB = {
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_API_URL": "http://127.0.0.1:9",
}
_GONE = "the deploying token is refused"
_NOBODY = "nobody answers"
_CLEAR = "a secret stands in a spec as text"
_BY_HAND = "somebody changed the account by hand"

ROWS = (
    Row("no project", ("schema", "gateway")),
    Row("any", ("explain", "unknown-key")),
    Row("any", ("completion", "bash")),
    Row("any", ("init", "fresh", "--yes", "--ci", "github")),
    Row("no reports", COMMENT, 8, environment=_GITHUB),
    Row("any", ("env",)),
    Row("sound specs", ("validate",)),
    Row("sound specs", ("fmt", "--check"), 3),
    *(
        Row(_CLEAR, ("validate", "--format", form), 3, "clear")
        for form in ("text", "json", "sarif", "junit", "github")
    ),
    Row(_CLEAR, ("fmt", "--diff"), 0, "clear"),
    *(
        Row(_CLEAR, ("review", "HEAD", "--format", form), 3, "clear")
        for form in ("text", "markdown", "json", "sarif", "mermaid")
    ),
    Row(_CLEAR, DEPLOY, 3, "clear"),
    Row(_CLEAR, ("smoke", *STACK), 3, "clear"),
    # Nothing is deployed.
    Row("a secret is missing", DEPLOY, 8, "sound", without=("OTEL_AUTHORIZATION",)),
    Row("another checksum", (*DEPLOY, "--checksum", "sha256:0"), 5),
    Row(_GONE, DEPLOY, 8, wrong=_TOKEN),
    Row(_GONE, ("doctor", "--json"), 4, wrong=_TOKEN),
    Row(_GONE, ("verify", *STACK), 4, wrong=_TOKEN),
    Row(_GONE, ("drift", "--format", "junit"), 4, wrong=_TOKEN),
    Row(_GONE, ("adopt",), 4, wrong=_TOKEN),
    Row(_GONE, ("token", "revoke", "{gone}", "--yes"), 4, wrong=_TOKEN),
    Row(_NOBODY, ("doctor",), 8, environment=_DOWN),
    Row(_NOBODY, ("verify", *STACK), 8, environment=_DOWN),
    Row(_NOBODY, ("adopt",), 8, environment=_DOWN),
    Row(_NOBODY, ("token", "revoke", "{gone}", "--yes"), 8, environment=_DOWN),
    Row("keys are refused, and an answer is lost", DEPLOY, 8, faults=_REFUSED_AND_LOST),
    Row("the provider fails", (*DEPLOY, "--json"), 6, faults=_FAILED_PROVIDER),
    Row("all is well", ("doctor", *STACK, "--json")),
    Row("all is well", ("smoke", *STACK, *REPORTS, "--compare")),
    Row("all is well", ("smoke", "--outputs", "outputs", "--deep"), 0, "outputs"),
    Row("all is well", ("smoke", "--list", *STACK)),
    Row("another token", ("smoke", *STACK, *REPORTS, *AT_ONCE), 4, wrong=("GATEWRIGHT_TOKEN",)),
    Row("the gateway breaks its word", ("smoke", *STACK, *REPORTS, *AT_ONCE), 6, "switched"),
    Row("500 to an update", DEPLOY, 8, "edited", faults=_FAILED_PUT),
    *(
        Row("two revisions", ("review", "HEAD~1", "--format", form), 0, "committed")
        for form in ("text", "markdown", "json", "sarif", "mermaid")
    ),
    Row("two revisions", ("stacks", "--changed", "HEAD~1", "--json")),
    Row(_BY_HAND, ("verify", *STACK), 7, "by hand"),
    *(Row(_BY_HAND, ("drift", *STACK, "--format", form), 7) for form in ("text", "json", "junit")),
    Row(_BY_HAND, ("adopt", "--all")),
    Row("a spec is gone", ("deploy", *STACK, "--max-destroyed", "0"), 5, "gone"),
    Row("any", ("token", "rotate", "app"), 0, "back"),
    Row("a rotated token, and what was done by hand goes", (*DEPLOY, "--no-smoke")),
    Row("a token of nobody", ("token", "revoke", "{token}", "--yes"), given="a token"),
    Row("two revisions", ("rehearse", "HEAD~1", "--report", "json=reports/r"), is_local=True),
    # What pulumi itself prints.
    Row("any", ("local", "preview", "--json"), is_local=True),
    Row(
        "much is logged",
        ("local", "up", "--yes", "--refresh", "--diff", *LOGGED, "-v=8"),
        is_local=True,
    ),
    Row("all is logged", ("local", "up", "--yes", *LOGGED, "-v", "9"), 5, is_local=True),
    Row("any", ("local", "stack", "output"), is_local=True),
    Row("any", ("local", "stack", "export"), is_local=True),
    Row("any", ("verify", "--local", "--json"), is_local=True),
    Row("any", ("doctor", "--local"), is_local=True),
    Row("any", ("smoke", "--local", "--deep", "--report", "html=reports/local"), is_local=True),
    Row("the rest", ("demo",), is_local=True),
    Row("called", ("emulator", "--verbose", "--port", "0"), given="emulator", is_local=True),
)
