"""From a live account to specs: what the API returns, spelled as specs are.

    specs = adoption.specs(held)       # one text for each object, and what it leaves open
    adoption.text(specs[0])

The way back is `gatewright.model.wire`: a spec that is written here compiles to the
object it was made from.
"""

from gatewright.adoption.made import Made
from gatewright.adoption.project import Held, specs

__all__ = ["Held", "Made", "specs"]
