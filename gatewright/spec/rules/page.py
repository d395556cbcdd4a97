"""The catalogue of rules as a page, and each rule as one of its sections."""

from gatewright.spec.rules import RULES
from gatewright.spec.rules.rule import Files, Rule

_MOST_LINES = 20
_INTRODUCTION = """\
# Rules

What `gatewright validate` can find, by the id that each finding carries. `gatewright explain RULE`
prints a section of this page, which is generated: `python -m gatewright.spec.rules`.

An **error** stops a deployment; a **warning** does not. The severity of the rules marked
*adjustable* can be changed in `gatewright.yaml`, and a finding of theirs can be ignored where it
is, with a reason, on its line or the line above:

```yaml
authentication: false # gatewright: ignore[open-logs] a public demonstration, nothing private
```

The other rules say that there is nothing sound to deploy.
"""


def page() -> str:
    """The whole page."""
    rows = [
        f"| [`{rule.id}`](#{rule.id}) | {_kind(rule)} | {rule.summary} |" for rule in RULES.values()
    ]
    table = "\n".join(["| rule | severity | what is wrong |", "|---|---|---|", *rows])
    return "\n".join(
        [_INTRODUCTION, table, "", *(f"## {section(rule)}" for rule in RULES.values())]
    )


def overview() -> str:
    """The ids of all rules with what they are about, a line each."""
    widest = max(map(len, RULES))
    return "\n".join(
        f"{rule.id:{widest}}  {rule.severity:7}  {rule.summary}" for rule in RULES.values()
    )


def section(rule: Rule) -> str:
    """One rule: its id, why it is there, an example with the mistake and one without."""
    return (
        f"{rule.id}\n\n**{_kind(rule)}**: {rule.summary}.\n\n{rule.rationale}\n\n"
        f"Found in\n\n{_shown(rule.bad)}\n\nbut not in\n\n{_shown(rule.good)}\n"
    )


def _kind(rule: Rule) -> str:
    return f"{rule.severity}, adjustable" if rule.adjustable else str(rule.severity)


def _shown(files: Files) -> str:
    return "\n\n".join(
        f"`{name}`\n```yaml\n{_shortened(text)}\n```" for name, text in files.items()
    )


def _shortened(text: str) -> str:
    """``text`` with what is alike in its middle left out, and what cannot be shown replaced."""
    lines = text.rstrip("\n").split("\n")
    rest = len(lines) - _MOST_LINES
    shown = [*lines[:_MOST_LINES], f"# … and {rest} more such lines"] if rest > 0 else lines
    return "".join(
        character if character.isprintable() or character in "\n\t" else "�"
        for character in "\n".join(shown)
    )
