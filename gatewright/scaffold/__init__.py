"""A new project: what is asked, the files that come of it, and writing them all or none."""

from gatewright.scaffold.answers import Answers
from gatewright.scaffold.site import Site
from gatewright.scaffold.tree import files, files_for_all
from gatewright.scaffold.writing import in_the_way, write

__all__ = ["Answers", "Site", "files", "files_for_all", "in_the_way", "write"]
