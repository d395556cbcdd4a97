"""Bodies and queries of the account API, read by a schema or refused with all issues."""

import math
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Any

from starlette.responses import Response

from gatewright.emulator.control.schema import Bool, Field, Issue, Kind, Number, Struct
from gatewright.emulator.envelope import ApiError, Fault, refused, success
from gatewright.emulator.web import Request

INVALID = 7001
#: Python takes more for a number than others do, and no more digits fit in one.
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{0,300})?([eE][+-]?\d)?", re.ASCII)


async def read_body(request: Request, kind: Kind, code: int = INVALID) -> Any:
    """The body as ``kind`` stores it; raises `ApiError` (400) with everything wrong in it."""
    try:
        value = await request.json()
    except ValueError:
        # Fidelity: no source shows the answer to a body that is not JSON.
        raise refused(HTTPStatus.BAD_REQUEST, code, "Malformed JSON in request body") from None
    issues: list[Issue] = []
    kept = kind.read(value, ("body",), issues)
    _refuse(issues, code)
    return kept


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list was asked for."""

    number: int
    size: int


def page_fields(largest: int) -> tuple[Field, ...]:
    """The parameters of a list in pages."""
    return (
        Field("page", Number(1), default=1),
        Field("per_page", Number(1, largest), default=20),
    )


#: Fidelity: the bounds are those of the list of gateways; other lists take the same
#: here, where no source gives their own.
PAGE = page_fields(100)


def read_query(parameters: Mapping[str, str], fields: Iterable[Field], code: int) -> dict[str, Any]:
    """The query's known parameters; raises `ApiError` (400) for what they can't be.

    Others are ignored.
    """
    known = tuple(fields)
    given = {
        field.name: _typed(field.kind, parameters[field.name])
        for field in known
        if field.name in parameters
    }
    issues: list[Issue] = []
    kept: dict[str, Any] = Struct(*known).read(given, ("query",), issues)
    _refuse(issues, code)
    return kept


def page_in(query: Mapping[str, Any]) -> Page:
    """The page that a query asks for."""
    return Page(query["page"], query["per_page"])


def part(items: Iterable[Any], page: Page) -> list[Any]:
    """The asked part of a list; past its end an empty one, where clients stop."""
    start = min((page.number - 1) * page.size, sys.maxsize - page.size)
    return list(islice(items, start, start + page.size))


def paged(items: Iterable[Any], total: int, page: Page) -> Response:
    """The asked part of a list of ``total``, in the envelope."""
    return page_of(part(items, page), total, page)


def page_of(result: list[Any], total: int, page: Page) -> Response:
    """A part of a list of ``total``, in the envelope."""
    info = {
        "page": page.number,
        "per_page": page.size,
        "count": len(result),
        "total_count": total,
    }
    return success(result, result_info=info)


def _typed(kind: Kind, text: str) -> Any:
    """A parameter as the kind of value that it should be: in a query all is text."""
    if isinstance(kind, Bool):
        return {"true": True, "false": False}.get(text, text)
    if not isinstance(kind, Number):
        return text
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def _refuse(issues: list[Issue], code: int) -> None:
    if issues:
        faults = [Fault(code, message, path) for path, message in issues]
        raise ApiError(HTTPStatus.BAD_REQUEST, faults)
