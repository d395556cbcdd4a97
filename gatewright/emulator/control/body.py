"""Bodies and queries of the account API, read by a schema or refused with all issues."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Any

from starlette.responses import Response

from gatewright.emulator.control.schema import Field, Issue, Kind, Number, Struct
from gatewright.emulator.envelope import ApiError, Fault, refused, success
from gatewright.emulator.web import Request

INVALID = 7001


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


_MAX_PAGE = 100


def read_page(parameters: dict[str, str], largest: int = _MAX_PAGE) -> Page:
    """``page`` and ``per_page``; raises `ApiError` (400) for what is out of bounds.

    Fidelity: the bounds are those of the list of gateways; the list of tokens
    takes the same here, because no source gives its own.
    """
    given = {name: _number(parameters[name]) for name in ("page", "per_page") if name in parameters}
    issues: list[Issue] = []
    kind = Struct(
        Field("page", Number(1), default=1),
        Field("per_page", Number(1, largest), default=20),
    )
    kept = kind.read(given, ("query",), issues)
    _refuse(issues, INVALID)
    return Page(kept["page"], kept["per_page"])


def part(items: Iterable[Any], page: Page) -> list[Any]:
    """The asked part of a list; past its end an empty one, where clients stop."""
    start = (page.number - 1) * page.size
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


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _refuse(issues: list[Issue], code: int) -> None:
    if issues:
        faults = [Fault(code, message, path) for path, message in issues]
        raise ApiError(HTTPStatus.BAD_REQUEST, faults)
