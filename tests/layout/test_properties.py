"""What holds for any text: the form is a fixed point, values and comments are kept."""

from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.spec import document, layout, schemas
from gatewright.spec.files import GATEWAY, STDIN, SpecFile
from gatewright.spec.layout import Guide, proof

CASES = Path(__file__).parent / "cases" / "gateway"
TEXTS = [path.read_text("utf-8") for path in sorted(CASES.glob("*/before.yaml"))]
WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
SCALAR = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | WORD
    | st.sampled_from(["no", "1.10", "0x10", "a: b", "a #b", "x\ny", "two words", "- a", "3600s"])
)
NAMES = st.sampled_from(
    ["id", "authentication", "cache", "ttl", "retries", "delay", "endpoints", "body", "logs"]
)
VALUES = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | WORD, inner, max_size=3),
    max_leaves=12,
)
ADDED = st.sampled_from(
    ["# note", "  # note", "      # note", "", "   ", "logs: # note", "  - # note", " # note"]
)


def loaded(text):
    return document.load(SpecFile(GATEWAY, STDIN, Path(), text.encode()))


def check(text):
    """Whether the text is one to format; then it must be formatted as promised."""
    before = loaded(text)
    if before.spec is None or list(before.findings()):
        return False
    guide = Guide.of(schemas.schema("gateway"))
    text = document.decoded(text.encode())
    made = layout.formatted(text, guide)
    after = loaded(made)
    assert list(after.findings()) == []
    assert proof.is_same_value(before, after, guide)
    assert proof.is_same_text(text, made)
    assert layout.formatted(made, guide) == made
    return True


@given(
    st.dictionaries(NAMES | WORD, VALUES, min_size=1, max_size=5),
    st.sampled_from([None, True, False]),
    st.integers(2, 6),
    st.sampled_from([20, 80]),
    st.sampled_from([None, '"', "'", "|", ">"]),
)
def test_any_value_in_any_style(value, is_flow, indent, width, style):
    text = yaml.safe_dump(
        value,
        default_flow_style=is_flow,
        default_style=style,
        indent=indent,
        width=width,
        allow_unicode=True,
        sort_keys=False,
    )
    check(text)


@settings(max_examples=300)
@given(st.data())
def test_any_text_made_from_the_cases(data):
    lines = data.draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines)))
        match data.draw(st.sampled_from(["insert", "behind", "delete", "indent"])):
            case "insert":
                lines.insert(place, data.draw(ADDED))
            case "behind" if place < len(lines):
                lines[place] += " # behind"
            case "delete" if place < len(lines):
                del lines[place]
            case "indent" if place < len(lines):
                lines[place] = "  " + lines[place]
            case _:
                pass
    check("\n".join(lines))


def test_each_case_is_one_to_format():
    assert all(map(check, TEXTS))
