"""A small account API on loopback that answers as the recordings' peer did."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
API_TOKEN = "t" * 40
SERVER_FILLED = {
    "authentication": False,
    "log_management": 10000000,
    "log_management_strategy": "DELETE_OLDEST",
    "logpush": False,
    "zdr": False,
    "workers_ai_billing_mode": "postpaid",
    "is_default": False,
    "byok_only": False,
    "log_classification": False,
    "store_id": None,
    "retry_max_attempts": None,
    "retry_delay": None,
    "retry_backoff": None,
    "rate_limiting_technique": None,
    "logpush_public_key": None,
    "dlp": None,
    "guardrails": None,
    "otel": None,
    "spend_limits": None,
    "stripe": None,
}
GROUPS = [
    {"id": "644535f4ed854494a59cb289d634b257", "name": "AI Gateway Run", "scopes": ["account"]},
    {"id": "a92d2450e05d4e7bb7d0a64968f83d11", "name": "Workers AI Read", "scopes": ["account"]},
]

Answer = tuple[int, Any]


@dataclass
class Account:
    """What the recordings' peer was: it merges what it is sent and stores null as null."""

    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    authorizations: set[str] = field(default_factory=set)
    faults: dict[str, list[Answer]] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0

    def taken(self) -> list[tuple[str, str, Any]]:
        """The requests since the last time."""
        taken, self.requests = self.requests, []
        return taken

    def answer(self, method: str, path: str, body: Any) -> Answer:
        """Status and JSON; a string is sent as it is."""
        self.requests.append((method, path, body))
        place = urlsplit(path).path.removeprefix(f"/accounts/{ACCOUNT}")
        name = body.get("id") if isinstance(body, dict) else None
        if self.faults.get(name or place):
            fault = self.faults[name or place].pop(0)
            if fault[0] == 504:
                self._act(method, place, body)
            return fault
        return self._act(method, place, body)

    def _act(self, method: str, place: str, body: Any) -> Answer:
        if place == "/tokens/permission_groups":
            return ok(GROUPS)
        if place.startswith("/workers/"):
            return self._worker(method, place, body)
        if method == "POST":
            return self._create(place, body)
        if place not in self.objects:
            return refused(404, 7002, "Not Found")
        if method == "DELETE":
            return ok(self.objects.pop(place))
        if method in {"PUT", "PATCH"}:
            self.objects[place] |= body
        hidden = {"value"} if "/tokens" in place else {"elements"}
        return ok({k: v for k, v in self.objects[place].items() if k not in hidden})

    def _create(self, place: str, body: dict[str, Any]) -> Answer:
        self.made += 1
        stamped = {"created_at": "2026-11-22T12:41:17Z", "modified_at": "2026-11-22T12:41:17Z"}
        if place.endswith("/gateways"):
            made = SERVER_FILLED | body | stamped
            if f"{place}/{body['id']}" in self.objects:
                return refused(400, 7001, "A gateway with that id already exists")
        elif place.endswith("/routes"):
            made = body | stamped | {"id": f"route{self.made}", "version": {"version_id": "v1"}}
        else:
            value = f"value-of-{self.made}-" + "v" * 20
            made = body | {"id": f"token{self.made}", "status": "active", "value": value}
        self.objects[f"{place}/{made['id']}"] = made
        return ok(made)

    def _worker(self, method: str, place: str, body: Any) -> Answer:
        script = {"id": "hello-ai", "etag": "e" * 32, "handlers": ["fetch"], "has_modules": True}
        name = place.removesuffix("/subdomain").split("/")[3]
        if place.endswith("/subdomain"):
            return self._subdomain(method, place, body)
        if method == "DELETE":
            return ok(self.objects.pop(name, None))
        if method == "GET" and name not in self.objects:
            return refused(404, 10007, "This Worker does not exist on your account.")
        if method == "GET":
            answers = {
                "content": (200, self.objects.get(name, {}).get("content")),
                "settings": ok(self.objects.get(name, {}).get("settings")),
            }
            service = ok({"default_environment": {"script": script}})
            return answers.get(place.removesuffix("/v2").split("/")[-1], service)
        settings = body["metadata"] | {"placement": {}, "tags": [], "compatibility_flags": []}
        settings["observability"] = {"enabled": False}
        self.objects[name] = {"content": body[body["metadata"]["main_module"]]}
        self.objects[name]["settings"] = settings
        return ok(script | {"startup_time_ms": 1})

    def _subdomain(self, method: str, place: str, body: Any) -> Answer:
        if method == "POST":
            self.objects[place] = body
        answer = self.objects.get(place, {})
        if method == "DELETE":
            self.objects.pop(place, None)
        return ok(answer)


def ok(result: Any) -> Answer:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}


def refused(status: int, code: int, message: str, **more: Any) -> Answer:
    entry = {"code": code, "message": message, **more}
    return status, {"success": False, "errors": [entry], "messages": [], "result": None}


def _parsed(content_type: str, raw: bytes) -> Any:
    """JSON as it is; a form as its parts by name, ``metadata`` parsed."""
    if not raw:
        return None
    if not content_type.startswith("multipart/form-data"):
        return json.loads(raw)
    boundary = content_type.split("boundary=")[1]
    parts = {}
    for part in raw.decode().split(f"--{boundary}")[1:-1]:
        head, text = part.strip("\r\n").split("\r\n\r\n", 1)
        name = head.split('name="')[1].split('"')[0]
        parts[name] = json.loads(text) if name == "metadata" else text
    return parts


def handler(account: Account) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            account.authorizations.add(self.headers["authorization"])
            body = _parsed(self.headers.get("content-type") or "", raw)
            path = self.path.removeprefix("/client/v4")
            status, answer = account.answer(self.command, path, body)
            data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 — http.server's

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
