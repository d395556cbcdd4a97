"""Which test shows what: the keys in ``@pytest.mark.proves(…)``, read without running them."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path


def proofs(tests: Path) -> dict[str, list[str]]:
    """Tests (file below ``tests`` and name) by key."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(tests.rglob("test_*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                place = f"{file.relative_to(tests).as_posix()}::{node.name}"
                for key in _keys(node):
                    found[key].append(place)
    return dict(found)


def _keys(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.proves":
            yield from (ast.literal_eval(argument) for argument in decorator.args)
