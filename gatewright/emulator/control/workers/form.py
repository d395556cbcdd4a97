"""Multipart bodies, as wrangler, the SDKs and the Terraform provider send them.

The three agree on little: ``metadata`` comes first or last, with a content type or none,
and a module's name is its part's file name, whatever the part is called.
"""

from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus

from gatewright.emulator.envelope import ApiError, refused

_KIND = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Part:
    """One part; ``content_type`` is empty where none was sent."""

    name: str
    filename: str | None
    content_type: str
    content: bytes


def parts_of(content_type: str, body: bytes) -> list[Part]:
    """The parts in their order; raises `ApiError` (400) for what is no such form."""
    header = _header("content-type", content_type)
    boundary = header.get_param("boundary", header="content-type")
    if header.get_content_type() != _KIND or not isinstance(boundary, str) or not boundary:
        raise malformed("expected a multipart/form-data body with a boundary")
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):  # noqa: PLR2004 - before, after
        raise malformed("the body does not end with its boundary")
    return [_part(piece) for piece in pieces[1:-1]]


def malformed(reason: str) -> ApiError:
    """A form that can't be read. Fidelity: no source shows the code or the words."""
    return refused(HTTPStatus.BAD_REQUEST, 10_001, f"Unable to parse the form: {reason}")


def _part(piece: bytes) -> Part:
    head, blank, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not blank:
        raise malformed("a part has no end of its headers")
    headers = dict(map(_named, head.decode("utf-8", "replace").split("\r\n")))
    disposition = _header("content-disposition", headers.get("content-disposition", ""))
    name = disposition.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise malformed("a part has no name")
    filename = disposition.get_filename()
    return Part(name, filename, headers.get("content-type", ""), content)


def _named(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value
    return message
