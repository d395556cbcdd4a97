"""The one form of a spec: order, spelling and indentation; comments stay where they belong."""

from gatewright.spec.layout import comments
from gatewright.spec.layout.guide import Guide
from gatewright.spec.layout.printer import printed
from gatewright.spec.layout.tree import Collection, has_alias, parsed

__all__ = ["Guide", "formatted"]


def formatted(text: str, guide: Guide, *, schema: str | None = None) -> str:
    """``text``, which ``document.load`` found sound, in the one form.

    Line ends are those of Unix, as in a document's text. ``schema`` is the address for
    editors where the text has none. A text that is no mapping stays as it is.
    """
    root = parsed(text)
    if root is not None and not (isinstance(root, Collection) and root.is_mapping and root.entries):
        return text
    around = comments.attached(text, root)
    around.schema = around.schema or schema
    # An alias must come after its anchor.
    return printed(root, guide, around, keep_order=has_alias(root))
