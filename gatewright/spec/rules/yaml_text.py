"""Rules about YAML: one meaning per text, whoever reads it."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import SOUND, Files, Rule, gateway

_GOOD = gateway(SOUND)


def _rule(rule: str, summary: str, rationale: str, bad: str, good: Files = _GOOD) -> Rule:
    return Rule(rule, Severity.ERROR, summary, rationale, gateway(bad), good)


RULES = (
    _rule(
        "yaml-syntax",
        "text that is not YAML",
        "Without its structure a file has no value at all, so nothing else in it is checked.",
        "id: support\nauthentication: true\nretries: {max_attempts: 3\n",
        gateway(SOUND + "retries: {max_attempts: 3}\n"),
    ),
    _rule(
        "yaml-encoding",
        "bytes that are not UTF-8 text, or a control character",
        "YAML readers guess differently what such bytes mean, and control characters can hide "
        "text in a terminal or a review.",
        SOUND + "description: Hel\x07p\n",
        gateway(SOUND + "description: Help\n"),
    ),
    _rule(
        "yaml-tab",
        "a tab where YAML wants spaces",
        "YAML does not allow tabs in indentation, for editors differ about their width.",
        SOUND + "logs:\n\tcollect: false\n",
        gateway(SOUND + "logs:\n  collect: false\n"),
    ),
    _rule(
        "yaml-documents",
        "a second document in one file",
        "A file declares one thing, and is named after it.",
        SOUND + "---\nid: drafts\nauthentication: true\n",
        {
            "gateways/support.yaml": SOUND,
            "gateways/drafts.yaml": "id: drafts\nauthentication: true\n",
        },
    ),
    _rule(
        "yaml-directive",
        "a line that starts with `%`",
        "Directives change how the rest is read. A spec needs none.",
        "%YAML 1.1\n---\n" + SOUND,
    ),
    _rule(
        "yaml-depth",
        "values nested deeper than any spec needs",
        "A hundred levels are a mistake or an attack on whoever reads the file.",
        SOUND + "description: " + "[" * 101 + "]" * 101 + "\n",
        gateway(SOUND + "description: Help\n"),
    ),
    _rule(
        "yaml-alias",
        "an alias without an anchor, within itself, or repeated too often",
        "Aliases may share a value within a file; a file that grows by them without bound is an "
        "attack known as the billion laughs.",
        SOUND + "description: *text\n",
        gateway(SOUND + "description: Help\n"),
    ),
    _rule(
        "yaml-merge-key",
        "a merge key, `<<`",
        "YAML 1.2 has none: some readers merge, others see a key named `<<`. What files share "
        "stands in `defaults.yaml`, and what is one cache policy is one file.",
        SOUND + "logs: {<<: {collect: false}}\n",
        gateway(SOUND + "logs: {collect: false}\n"),
    ),
    _rule(
        "yaml-tag",
        "a tag such as `!secret` or `!!str`",
        "A tag means something to one reader only. Quotes make a text of anything.",
        SOUND + "description: !!str 7\n",
        gateway(SOUND + 'description: "7"\n'),
    ),
    _rule(
        "yaml-key",
        "a key that is not plain text",
        "Keys are the names of fields; JSON, which Cloudflare takes, knows no others.",
        SOUND + "logs: {collect: false, [limit]: 10000}\n",
        gateway(SOUND + "logs: {collect: false, limit: 10000}\n"),
    ),
    _rule(
        "yaml-boolean",
        "`yes`, `no`, `on` or `off`, which YAML readers disagree about",
        "To YAML 1.1 `on` is true, to YAML 1.2 it is a text. The tool that reads the file next "
        "may be of the other opinion.",
        "id: support\nauthentication: on\n",
    ),
    _rule(
        "yaml-number",
        "a number that YAML readers disagree about",
        "`010` is eight or ten, `1_000` a number or a text, `1:30` ninety or a text. A limit "
        "must not depend on the reader.",
        SOUND + "rate_limiting: {limit: 1_000, interval: 1m}\n",
        gateway(SOUND + "rate_limiting: {limit: 1000, interval: 1m}\n"),
    ),
    _rule(
        "duplicate-key",
        "a key that its mapping already has",
        "Most readers keep the last one silently, so that the line in view is not the one that "
        "counts.",
        SOUND + "zdr: false\nzdr: false\n",
    ),
)
