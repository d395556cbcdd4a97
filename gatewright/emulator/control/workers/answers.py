"""What the endpoints of Workers answer."""

from gatewright.emulator.control.answer import Bare, One, envelope_schema
from gatewright.emulator.control.schema import (
    Anything,
    Array,
    Bool,
    Enum,
    Field,
    Kind,
    Number,
    Record,
    Struct,
    Text,
)

_TEXT = Text()
_TEXTS = Array(_TEXT)
_OBJECT = Record(Anything())
_OBJECTS = Array(_OBJECT)
_MOMENT = Text(form="date-time")


def _all(**kinds: Kind) -> tuple[Field, ...]:
    return tuple(Field(name, kind, required=True) for name, kind in kinds.items())


_TIMES = _all(created_on=_MOMENT, modified_on=_MOMENT)
_RUNTIME = _all(compatibility_date=Text(form="date"), compatibility_flags=_TEXTS, usage_model=_TEXT)
_OBSERVED = _all(logpush=Bool(), observability=_OBJECT)
_SCRIPT = (
    *_all(id=_TEXT, tag=_TEXT, tags=_TEXTS, etag=_TEXT, handlers=_TEXTS),
    *_all(has_assets=Bool(), has_modules=Bool(), last_deployed_from=_TEXT),
    *_TIMES,
    *_RUNTIME,
    *_OBSERVED,
)
_SCRIPT_SETTINGS = (*_OBSERVED, *_all(tail_consumers=_OBJECTS, tags=_TEXTS))
_SETTINGS = (
    *_all(bindings=_OBJECTS, placement=_OBJECT, limits=_OBJECT, annotations=_OBJECT),
    *_RUNTIME,
    *_SCRIPT_SETTINGS,
)
_ENVIRONMENT = Struct(*_all(environment=_TEXT, script=Struct(*_SCRIPT)), *_TIMES)
_VERSION_ROW = (
    *_all(id=_TEXT, number=Number(1), annotations=Record(_TEXT)),
    *_all(
        metadata=Struct(*_TIMES, *_all(source=_TEXT, author_email=_TEXT, has_preview=Bool())),
    ),
)
_RESOURCES = Struct(
    *_all(
        bindings=_OBJECTS,
        script=Struct(*_all(etag=_TEXT, handlers=_TEXTS, last_deployed_from=_TEXT)),
        script_runtime=Struct(*_RUNTIME, *_all(limits=_OBJECT)),
    )
)
_VERSION = (*_VERSION_ROW, *_all(resources=_RESOURCES))
_SHARE = Struct(*_all(version_id=_TEXT, percentage=Number(0, 100, integer=False)))
_DEPLOYMENT = Struct(
    *_all(id=_TEXT, created_on=_MOMENT, source=_TEXT, strategy=Enum("percentage")),
    *_all(author_email=_TEXT, annotations=Record(_TEXT), versions=Array(_SHARE, minimum=1)),
)
_STARTUP = _all(startup_time_ms=Number(0))

SCRIPTS = One(Array(Struct(*_SCRIPT)))
UPLOADED = One(Struct(*_SCRIPT, *_STARTUP, *_all(deployment_id=_TEXT)))
#: The form of modules, or the one file of a service worker.
CODE = Bare({}, others=("multipart/form-data", "application/javascript"))
SERVICE = One(
    Struct(
        *_all(id=_TEXT, default_environment=_ENVIRONMENT, environments=Array(_ENVIRONMENT)),
        *_TIMES,
    )
)
SETTINGS = One(Struct(*_SETTINGS))
SCRIPT_SETTINGS = One(Struct(*_SCRIPT_SETTINGS))
SECRET = One(Struct(*_all(name=_TEXT, type=Enum("secret_text"))))
SECRETS = One(Array(SECRET.kind))
VERSIONS = One(Struct(*_all(items=Array(Struct(*_VERSION_ROW)))))
VERSION = One(Struct(*_VERSION))
NEW_VERSION = One(Struct(*_VERSION, *_STARTUP))
DEPLOYMENTS = One(Struct(*_all(deployments=Array(_DEPLOYMENT))))
DEPLOYMENT = One(_DEPLOYMENT)
NAMED = One(Struct(*_all(subdomain=_TEXT)))
ENABLED = One(Struct(*_all(enabled=Bool(), previews_enabled=Bool())))
NOTHING = Bare(envelope_schema(result={"type": "null"}))
