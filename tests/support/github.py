"""A tiny GitHub: the part of its REST API that one comment needs, on loopback."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "somebody/shop"
TOKEN = "github-" + "token-of-a-test"
BOT = "github-actions[bot]"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
#: What it refuses, as GitHub does.
LONGEST = 65_536


class GitHub:
    """What the repository holds; ``written`` are method and body of each change."""

    def __init__(self):
        self.pulls = [{"number": 7, "head": {"label": "fork:change", "sha": COMMIT}}]
        self.files = [{"filename": "gateways/support.yaml"}]
        self.comments = []
        self.written = []
        self.refuses = None

    def add(self, body, author=BOT):
        comment = {"id": 100 + len(self.comments), "body": body, "user": {"login": author}}
        comment["html_url"] = f"https://github.example/pull/7#{comment['id']}"
        self.comments.append(comment)
        return comment

    def answer(self, method, path, query, body):
        """Status and JSON."""
        match method, path.removeprefix(f"/repos/{REPOSITORY}/").split("/"):
            case "GET", ["pulls"]:
                rows = [each for each in self.pulls if each["head"]["label"] == query["head"]]
                return 200, self.page(rows if query["state"] == "open" else [], query)
            case "GET", ["pulls", "7", "files"]:
                return 200, self.page(self.files, query)
            case "GET", ["issues", "7", "comments"]:
                return 200, self.page(self.comments, query)
            case "POST", ["issues", "7", "comments"]:
                return self.change(method, body, self.add(""), 201)
            case "PATCH", ["issues", "comments", number]:
                (comment,) = (each for each in self.comments if each["id"] == int(number))
                return self.change(method, body, comment, 200)
        return 404, {"message": "Not Found"}

    def change(self, method, body, comment, status):
        assert len(body["body"]) <= LONGEST
        comment["body"] = body["body"]
        self.written.append((method, body["body"]))
        return status, comment

    @staticmethod
    def page(rows, query):
        size, number = int(query.get("per_page", 30)), int(query.get("page", 1))
        return rows[size * (number - 1) : size * number]


@contextmanager
def serving():
    """A repository and the environment of a step that may write to it."""
    github = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(url.query).items()}
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            status, said = 401, {"message": "Bad credentials"}
            if self.headers["Authorization"] == f"Bearer {TOKEN}":
                status, said = github.refuses or github.answer(self.command, url.path, query, body)
            content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_GET  # noqa: N815  # the base class's names

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield (
            github,
            {
                "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}",
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_TOKEN": TOKEN,
                "NO_PROXY": "127.0.0.1",
            },
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
