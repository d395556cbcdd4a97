"""Text → document, by the YAML parser: values, their positions and what is wrong with the YAML."""

import yaml

from gatewright.spec.document import Document, Spec
from gatewright.spec.files import CUSTOM_PROVIDER, Kind, SpecFile
from gatewright.spec.masking import masked, masked_lines, secrets
from gatewright.spec.nodes import compose
from gatewright.spec.problem import Problem, RefusedError
from gatewright.spec.syntax import problem_of
from gatewright.spec.tree import Tree
from gatewright.spec.values import Construction


def document(spec_file: SpecFile, text: str) -> Document:
    """The document of any text; whatever is wrong with it is in it."""
    try:
        root, text = _composed(text, spec_file.kind)
    except RefusedError as refused:
        return Document(spec_file, None, masked_lines(text), problems=(refused.problem,))
    try:
        return _constructed(spec_file, root, text)
    except RefusedError as refused:
        return Document(spec_file, None, text, problems=(refused.problem,))


def tree(file: str, text: str) -> Tree:
    """The positions in a text without problems and secrets."""
    return Tree(file, text, compose(text), set())


def _composed(text: str, kind: Kind) -> tuple[yaml.Node | None, str]:
    """The tree, and the text without secrets."""
    problem = None
    try:
        root = compose(text)
    except RefusedError as refused:
        # What is said of the text may quote it.
        text = masked_lines(text)
        root, problem = compose(text), _unquoting(refused, text)
    spans = secrets(root, text, plain_headers=kind is CUSTOM_PROVIDER)
    # What is no YAML within a secret is reported as a secret.
    if problem and not any(start <= problem.start < end for start, end in spans):
        raise RefusedError(problem)
    return root, masked(text, spans)


def _unquoting(refused: RefusedError, text: str) -> Problem:
    """The problem with a hint that quotes ``text``, which has no secrets, in place of its own."""
    if isinstance(refused.__cause__, yaml.MarkedYAMLError):
        return refused.problem._replace(hint=problem_of(refused.__cause__, text).hint)
    return refused.problem


def _constructed(spec_file: SpecFile, root: yaml.Node | None, text: str) -> Document:
    construction = Construction(root, text)
    positions = Tree(spec_file.name, text, root, construction.reported)
    spec = Spec(spec_file.kind, spec_file.name, spec_file.stem, construction.value, positions)
    return Document(spec_file, spec, text, problems=construction.problems)
