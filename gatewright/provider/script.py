"""What is particular to Worker scripts: the upload form and the three reads."""

import json
from typing import Any
from urllib.parse import quote

from gatewright.plugin.api import Api, Part, Task
from gatewright.plugin.values import Properties

_MODULE_TYPE = "application/javascript+module"
_SCRIPT_TYPE = "application/javascript"


def form(body: dict[str, Any]) -> list[Part]:
    """The multipart upload: the code under its own name first, then ``metadata``."""
    metadata = {key: value for key, value in body.items() if key != "content"}
    module = metadata.get("main_module")
    name = module or metadata.setdefault("body_part", "script")
    kind = _MODULE_TYPE if module else _SCRIPT_TYPE
    return [
        (name, (name, body.get("content", ""), kind)),
        ("metadata", (None, json.dumps(metadata), "application/json")),
    ]


async def read(api: Api, task: Task, state: Properties) -> dict[str, Any]:
    """What service, settings and content say, without what they leave empty."""
    account, name = quote(str(state["accountId"])), quote(str(state["scriptName"]))
    scripts = f"/accounts/{account}/workers/scripts/{name}"
    service = await api.call(task, "GET", f"/accounts/{account}/workers/services/{name}")
    settings = await api.call(task, "GET", f"{scripts}/settings")
    content = await api.text(task, f"{scripts}/content/v2")
    facts = {**service["default_environment"]["script"], **settings, "content": content}
    return {key: value for key, value in facts.items() if value not in (None, [], {})}
