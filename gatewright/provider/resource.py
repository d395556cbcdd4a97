"""What a table says of a type of resource."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from gatewright.provider.shapes import SCALAR, Shape


class Role(Enum):
    """What becomes of a property."""

    PATH = auto()  # part of the path only; a change replaces
    SENT = auto()  # sent when set; sent as null when it was set and no longer is
    ADOPTED = auto()  # sent when set; unset it is what the server says
    COMPUTED = auto()  # the server's alone


@dataclass(frozen=True, slots=True)
class Field:
    """A property: its name in Pulumi, on the wire, and what becomes of it.

    ``kept``: a read never changes it. ``restless``: unset while the server has a
    value, each plan reports an update.
    """

    name: str
    wire: str
    role: Role = Role.SENT
    shape: Shape = SCALAR
    default: Any = None
    replaces: bool = False
    kept: bool = False
    secret: bool = False
    restless: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """A type: its properties and its requests.

    Paths are templates over the properties (wire names are not used) and ``id``.
    ``dropped``: values of the answer by which a read treats the object as gone.
    """

    kind: str
    label: str
    fields: tuple[Field, ...]
    create: tuple[str, str]
    read: str
    update: tuple[str, str]
    delete: str
    id_from: str
    import_id: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...] = ()
    multipart: bool = False
    patches: bool = False
