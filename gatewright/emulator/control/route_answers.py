"""What the endpoints of dynamic routes answer."""

from dataclasses import dataclass

from gatewright.emulator.control.answer import One, envelope_schema, object_schema
from gatewright.emulator.control.json_schema import Schema, schema_of
from gatewright.emulator.control.route_elements import ELEMENTS
from gatewright.emulator.control.schema import Array, Bool, Enum, Field, Number, Struct, Text

_MOMENT = Text(form="date-time")

_SHOWN = (
    Field("version_id", Text(), required=True),
    Field("created_at", _MOMENT, required=True),
    Field("data", Text(), required=True),
    Field("is_valid", Bool(), required=True),
    Field("active", Enum("true", "false"), required=True),
)
_DEPLOYMENT = Struct(
    Field("deployment_id", Text(), required=True),
    Field("version_id", Text(), required=True),
    Field("created_at", _MOMENT, required=True),
)
_ROUTE = (
    *(Field(name, Text(), required=True) for name in ("id", "name", "gateway_id", "account_tag")),
    Field("created_at", _MOMENT, required=True),
    Field("modified_at", _MOMENT, required=True),
    Field("version", Struct(*_SHOWN), required=True),
    Field("deployment", _DEPLOYMENT, required=True),
)
_WHOLE = (*_ROUTE, Field("elements", ELEMENTS, required=True))


def _with(fields: tuple[Field, ...], more: tuple[Field, ...]) -> Struct:
    known = {field.name for field in fields}
    return Struct(*fields, *(field for field in more if field.name not in known))


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list under a name of its own in ``data``."""

    name: str
    kind: Struct

    def content(self) -> dict[str, Schema]:
        """See `Answer`."""
        data = Struct(
            Field("order_by", Text(), required=True),
            Field("order_by_direction", Enum("asc", "desc"), required=True),
            Field("page", Number(1), required=True),
            Field("per_page", Number(1), required=True),
            Field(self.name, Array(self.kind), required=True),
        )
        schema = object_schema(success={"const": True}, data=schema_of(data))
        return {"application/json": schema}


class _Renamed:
    """The route under ``result`` and under ``route``."""

    def content(self) -> dict[str, Schema]:
        """See `Answer`."""
        whole = schema_of(Struct(*_WHOLE))
        return {"application/json": envelope_schema(result=whole, route=whole)}


ROUTE = One(Struct(*_ROUTE))
WHOLE = One(Struct(*_WHOLE))
VERSION = One(_with(_WHOLE, _SHOWN))
DEPLOYED = One(_with(_WHOLE, _DEPLOYMENT.fields))
RENAMED = _Renamed()
ROUTES = _Listed("routes", Struct(*_ROUTE))
VERSIONS = _Listed("versions", Struct(*_SHOWN))
DEPLOYMENTS = _Listed("deployments", _DEPLOYMENT)
