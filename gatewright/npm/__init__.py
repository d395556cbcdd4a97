"""Programs that come by npm: workerd, which runs Workers, and esbuild, which reads TypeScript.

Fetched once into the user's cache folder, for this platform only, without running any
script of theirs. Both are native programs: Node is needed to fetch them, not to run them.
"""

from gatewright.npm.fetch import fetch
from gatewright.npm.tool import ESBUILD, WORKERD, Tool

__all__ = ["ESBUILD", "WORKERD", "Tool", "fetch"]
