"""The files of a project as documents: specs, what they share, and the settings."""

from collections.abc import Sequence
from typing import NamedTuple

from gatewright.model import Finding
from gatewright.spec import document, files
from gatewright.spec.document import Document, Spec
from gatewright.spec.files import Kind, Root, SpecFile
from gatewright.spec.project import identity


class Project(NamedTuple):
    """What was read in ``root``. ``strays`` are findings about what is in the way but no spec.

    ``given`` is the document of standard input, which is among ``documents``;
    ``is_whole`` is False if there is nothing around it.
    """

    root: Root
    documents: tuple[Document, ...]
    defaults: tuple[Document, ...]
    settings: Document | None
    strays: tuple[Finding, ...] = ()
    given: Document | None = None
    is_whole: bool = True

    @property
    def all(self) -> tuple[Document, ...]:
        """Every document."""
        settings = (self.settings,) if self.settings else ()
        return (*settings, *self.defaults, *self.documents)

    @property
    def settings_spec(self) -> Spec | None:
        """The settings as far as they could be read."""
        return self.settings.spec if self.settings else None

    def defaults_of(self, kind: Kind) -> Spec | None:
        """What the files of a kind share."""
        return next((each.spec for each in self.defaults if each.file.kind is kind), None)

    def has_defaults(self, kind: Kind) -> bool:
        """Whether the files of a kind share something, be it readable or not."""
        return any(each.file.kind is kind for each in self.defaults)


def read(root: Root, given: SpecFile | None = None) -> Project:
    """Read all specs of the project in ``root``.

    ``given`` takes the place of the file that declares the same; with it, there
    need be no project.

    Raises:
        UsageError: there is no ``gateways/``.

    """
    is_whole = given is None or files.is_project(root)
    discovered = list(files.discover(root)) if is_whole else []
    found = [document.load(each) for each in discovered if isinstance(each, SpecFile)]
    documents = [each for each in found if not each.file.is_defaults]
    own = document.load(given) if given else None
    if own:
        documents = [*(each for each in documents if not _is_same(each, own)), own]
    return _project(root, discovered, found, documents)._replace(given=own, is_whole=is_whole)


def read_beside(root: Root, like: Project | None) -> Project:
    """Read all specs, and keep the bytes of each; what ``like`` has of the same bytes is its.

    Raises:
        UsageError: there is no ``gateways/``.

    """
    known = {each.file.name: each for each in like.all} if like else {}
    discovered = list(files.discover(root))
    found = [
        document.load(_kept(each), known.get(each.name))
        for each in discovered
        if isinstance(each, SpecFile)
    ]
    documents = [each for each in found if not each.file.is_defaults]
    return _project(root, discovered, found, documents)


def _project(
    root: Root,
    discovered: Sequence[SpecFile | Finding],
    found: Sequence[Document],
    documents: Sequence[Document],
) -> Project:
    settings = files.settings(root)
    return Project(
        root=root,
        documents=tuple(documents),
        defaults=tuple(each for each in found if each.file.is_defaults),
        settings=document.load(settings) if settings else None,
        strays=tuple(each for each in discovered if isinstance(each, Finding)),
    )


def _kept(file: SpecFile) -> SpecFile:
    content = files.read(file)
    return file if isinstance(content, Finding) else file._replace(content=content)


def _is_same(one: Document, other: Document) -> bool:
    if not one.spec or not other.spec or one.file.kind is not other.file.kind:
        return False
    return identity(one.spec) == identity(other.spec) is not None
