"""Rules about Workers."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import SOUND, Files, Rule

_ASKS = 'model: "@cf/meta/llama-3.1-8b-instruct"\nbody: {prompt: Hello}\n'


def _project(text: str, **more: str) -> Files:
    """A project with one gateway and one Worker."""
    return {"gateways/support.yaml": SOUND, "gateways/workers/ask.yaml": text, **more}


_GOOD = _project("name: ask\ngateway: {id: support}\n" + _ASKS)

RULES = (
    Rule(
        "unknown-gateway",
        Severity.ERROR,
        "a Worker that calls a gateway which no file declares",
        "Its calls would fail with 2001. A Worker reaches gateways of its own account only, and "
        "those are declared here.",
        bad=_project("name: ask\ngateway: {id: suport}\n" + _ASKS),
        good=_GOOD,
    ),
    Rule(
        "missing-script",
        Severity.ERROR,
        "a Worker's script that is not in the project",
        "There would be nothing to upload, or something that nobody reviewed.",
        bad=_project("name: ask\ngateway: {id: support}\nscript: workers/ask.js\n"),
        good=_project(
            "name: ask\ngateway: {id: support}\nscript: workers/ask.js\n",
            **{"workers/ask.js": "export default { fetch() { return new Response('hi'); } };\n"},
        ),
    ),
    Rule(
        "future-compatibility-date",
        Severity.ERROR,
        "a compatibility date that is still to come",
        "Cloudflare refuses the upload: nobody knows yet what the runtime will be like then.",
        bad=_project("name: ask\ngateway: {id: support}\ncompatibility_date: 9999-01-01\n" + _ASKS),
        good=_project(
            "name: ask\ngateway: {id: support}\ncompatibility_date: 2026-08-01\n" + _ASKS
        ),
    ),
)
