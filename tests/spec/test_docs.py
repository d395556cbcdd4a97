"""The specs that the documentation shows are a project without findings."""

import re
from pathlib import Path

from gatewright import spec
from gatewright.paint import plain

PAGE = Path(__file__).parents[2] / "docs" / "specs.md"
EXAMPLE = re.compile(r"^`(gateways/\S+)`\n```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_examples_have_no_findings(tmp_path):
    text = PAGE.read_text("utf-8")
    examples = EXAMPLE.findall(text)
    assert len(examples) == text.count("```yaml") == 5
    for name, content in examples:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    loaded = spec.check(tmp_path)
    assert spec.report.text(loaded, plain) == "5 files, no findings"
