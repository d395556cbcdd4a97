"""A Worker as it is kept, and the shapes in which the API shows it.

Kept: the script's own facts, its last versions, its deployments and its address on
``workers.dev``. A version is metadata and modules, and does not change.
"""

import base64
import hashlib
import re
import secrets
import uuid
from typing import Any

from gatewright.emulator.store import Document

#: Fidelity, differs: Cloudflare keeps the last hundred versions for a return to them.
KEPT = 10

_JAVASCRIPT = frozenset(("application/javascript+module", "text/javascript+module"))
_HANDLERS = ("fetch", "scheduled", "queue", "email", "tail", "trace", "alarm")


def new_worker(name: str, now: str) -> Document:
    """A Worker without a version."""
    return {
        "name": name,
        "tag": secrets.token_hex(16),
        "created_on": now,
        "modified_on": now,
        "source": "api",
        "number": 0,
        "settings": {},
        "subdomain": {"enabled": False, "previews_enabled": False},
        "versions": [],
        "deployments": [],
    }


def add_version(
    worker: Document, content: Document, source: str, now: str
) -> tuple[Document, Document]:
    """The Worker with one version more, and that version; ``content`` is metadata and modules."""
    number = worker["number"] + 1
    version = {
        "id": str(uuid.uuid4()),
        "number": number,
        "created_on": now,
        "source": source,
        "etag": _etag(content),
        **content,
    }
    versions = [*worker["versions"], version][-KEPT:]
    return worker | {"number": number, "versions": versions, "modified_on": now}, version


def deployed(
    worker: Document, shares: list[Document], annotations: Document, source: str, now: str
) -> Document:
    """The Worker with one deployment more; ``shares`` are version ids and percentages."""
    deployment = {
        "id": str(uuid.uuid4()),
        "created_on": now,
        "source": source,
        "strategy": "percentage",
        "author_email": "developer@example.com",
        "annotations": annotations,
        "versions": shares,
    }
    settled = {"deployments": [deployment, *worker["deployments"]][:KEPT]}
    return worker | settled | {"modified_on": now, "source": source}


def version_of(worker: Document, version_id: str) -> Document | None:
    """One of its versions."""
    return next((one for one in worker["versions"] if one["id"] == version_id), None)


def active(worker: Document) -> Document | None:
    """The version that answers: of several the one with the largest share.

    Fidelity, differs: Cloudflare divides the requests among them.
    """
    if not worker["deployments"]:
        return None
    shares = worker["deployments"][0]["versions"]
    return version_of(worker, max(shares, key=lambda one: one["percentage"])["version_id"])


def is_module_worker(version: Document) -> bool:
    """Whether it is written in modules; else it is a service worker in one file."""
    return "main_module" in version["metadata"]


def module(name: str, content_type: str, content: bytes) -> Document:
    """A module as it is kept."""
    return {"name": name, "type": content_type, "content": base64.b64encode(content).decode()}


def content_of(kept: Document) -> bytes:
    """A module's bytes."""
    return base64.b64decode(kept["content"])


def handlers(version: Document) -> list[str]:
    """What the main module seems to handle.

    Fidelity, differs: read from the text, not by running it.
    """
    text = content_of(version["modules"][0]).decode("utf-8", "replace")
    return [name for name in _HANDLERS if re.search(rf"\b{name}\b\s*[(:]|[\"']{name}[\"']", text)]


def object_of(worker: Document) -> Document:
    """As the list and an upload's answer show it."""
    version = active(worker) or worker["versions"][-1]
    metadata = version["metadata"]
    return {
        "id": worker["name"],
        "tag": worker["tag"],
        "tags": worker["settings"].get("tags", []),
        "etag": version["etag"],
        "handlers": handlers(version),
        "has_assets": False,
        "has_modules": is_module_worker(version),
        "created_on": worker["created_on"],
        "modified_on": worker["modified_on"],
        "last_deployed_from": worker["source"],
        "usage_model": metadata.get("usage_model", "standard"),
        "compatibility_date": metadata["compatibility_date"],
        "compatibility_flags": metadata.get("compatibility_flags", []),
        "logpush": worker["settings"].get("logpush", False),
        "observability": worker["settings"].get("observability", {"enabled": False}),
    }


def service_of(worker: Document) -> Document:
    """As ``workers/services`` shows it."""
    script = object_of(worker)
    times = {"created_on": worker["created_on"], "modified_on": worker["modified_on"]}
    environment = {"environment": "production", "script": script, **times}
    return {
        "id": worker["name"],
        "default_environment": environment,
        "environments": [environment],
        **times,
    }


def settings_of(worker: Document, version: Document) -> Document:
    """As ``settings`` shows it; ``placement`` is there though empty: a client needs it."""
    metadata = version["metadata"]
    return {
        "bindings": [shown(binding) for binding in metadata.get("bindings", [])],
        "compatibility_date": metadata["compatibility_date"],
        "compatibility_flags": metadata.get("compatibility_flags", []),
        "usage_model": metadata.get("usage_model", "standard"),
        "placement": metadata.get("placement", {}),
        "limits": metadata.get("limits", {}),
        "annotations": metadata.get("annotations", {}),
        **script_settings_of(worker),
    }


def script_settings_of(worker: Document) -> Document:
    """As ``script-settings`` shows it."""
    kept = worker["settings"]
    return {
        "logpush": kept.get("logpush", False),
        "observability": kept.get("observability", {"enabled": False}),
        "tail_consumers": kept.get("tail_consumers", []),
        "tags": kept.get("tags", []),
    }


def version_object(version: Document) -> Document:
    """As ``versions/{id}`` and its creation show it."""
    metadata = version["metadata"]
    return {
        **version_row(version),
        "resources": {
            "bindings": [shown(binding) for binding in metadata.get("bindings", [])],
            "script": {
                "etag": version["etag"],
                "handlers": handlers(version),
                "last_deployed_from": version["source"],
            },
            "script_runtime": {
                "compatibility_date": metadata["compatibility_date"],
                "compatibility_flags": metadata.get("compatibility_flags", []),
                "usage_model": metadata.get("usage_model", "standard"),
                "limits": metadata.get("limits", {}),
            },
        },
    }


def version_row(version: Document) -> Document:
    """As the list of versions shows it."""
    return {
        "id": version["id"],
        "number": version["number"],
        "metadata": {
            "created_on": version["created_on"],
            "modified_on": version["created_on"],
            "source": version["source"],
            "author_email": "developer@example.com",
            "has_preview": False,
        },
        "annotations": version["metadata"].get("annotations", {}),
    }


def shown(binding: Document) -> Document:
    """A binding without the text that is secret."""
    secret = binding["type"] == "secret_text"
    return {key: value for key, value in binding.items() if not (secret and key == "text")}


def _etag(content: Document) -> str:
    text = repr([(one["name"], one["type"], one["content"]) for one in content["modules"]])
    return hashlib.sha256(text.encode()).hexdigest()


def kind_of(source_header: str | None) -> str:
    """Who deploys, by the client's name. Fidelity: how Cloudflare tells is not documented."""
    agent = (source_header or "").lower()
    for name in ("wrangler", "terraform"):
        if name in agent:
            return name
    return "api"


def with_settings(worker: Document, given: dict[str, Any]) -> Document:
    """The Worker with what concerns all of its versions taken from ``given``."""
    own = {name: given[name] for name in _SCRIPT_WIDE if name in given}
    return worker | {"settings": worker["settings"] | own}


def versioned(given: dict[str, Any]) -> dict[str, Any]:
    """What of ``given`` is the version's own."""
    return {name: value for name, value in given.items() if name not in _NOT_VERSIONED}


_SCRIPT_WIDE = ("logpush", "observability", "tail_consumers", "tags")
_NOT_VERSIONED = frozenset((*_SCRIPT_WIDE, "keep_bindings", "keep_assets"))
