"""GitHub's REST API, as far as one comment needs it.

https://docs.github.com/en/rest/issues/comments and …/rest/pulls/pulls.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from gatewright.errors import CouldNotRunError, CredentialsError, UsageError
from gatewright.redaction import Secret

API_URL = "https://api.github.com"
#: Whom GITHUB_TOKEN writes as. A comment of anybody else is never edited: whoever wrote it
#: could change it again.
BOT = "github-actions[bot]"

_TIMEOUT_SECONDS = 30
_PAGE_SIZE = 100
_MAX_PAGES = 100
_FORBIDDEN = (401, 403)


class Head(NamedTuple):
    """What a run was for: `owner:branch`, and its commit."""

    branch: str
    commit: str


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository and the token for it; `repr` shows no secret."""

    name: str
    api_url: str
    _token: Secret

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Repository":
        """Read GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_API_URL.

        Raises `UsageError` that names the one that is missing.
        """
        for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
            if not environment.get(name):
                raise UsageError(f"{name} is not set", hint="docs/ci.md shows the step that has it")
        return cls(
            environment["GITHUB_REPOSITORY"],
            (environment.get("GITHUB_API_URL") or API_URL).rstrip("/"),
            Secret(environment["GITHUB_TOKEN"]),
        )

    def pull_request(self, head: Head) -> int | None:
        """The open one whose newest commit is ``head``; None if there is none (any more).

        Raises `UsageError` if there are several: one branch into two others.
        """
        rows = self._pages("pulls", state="open", head=head.branch)
        found = [int(row["number"]) for row in rows if row["head"]["sha"] == head.commit]
        if len(found) > 1:
            raise UsageError(
                f"{head.branch} is the branch of the pull requests {found}",
                hint="`--pull-request N` says which is meant",
            )
        return found[0] if found else None

    def changed_files(self, number: int) -> list[str]:
        """The names of the files that a pull request changes, of renamed ones both."""
        rows = [*self._pages(f"pulls/{number}/files")]
        return [row[key] for row in rows for key in ("filename", "previous_filename") if key in row]

    def comment(self, number: int, mark: str, author: str = BOT) -> int | None:
        """The id of the first comment by ``author`` that starts with ``mark``."""
        for row in self._pages(f"issues/{number}/comments"):
            if row["user"]["login"] == author and row["body"].startswith(mark):
                return int(row["id"])
        return None

    def write(self, number: int, body: str, comment: int | None) -> str:
        """Edit the comment, or make one; its address."""
        if comment is None:
            answer = self._call("POST", f"issues/{number}/comments", json={"body": body})
        else:
            answer = self._call("PATCH", f"issues/comments/{comment}", json={"body": body})
        return str(answer["html_url"])

    def _pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        for page in range(1, _MAX_PAGES):
            paged = query | {"per_page": str(_PAGE_SIZE), "page": str(page)}
            rows = self._call("GET", path, params=paged)
            yield from rows
            if len(rows) < _PAGE_SIZE:
                return

    def _call(self, method: str, path: str, **request: Any) -> Any:
        url = f"{self.api_url}/repos/{self.name}/{path}"
        headers = {
            "Authorization": f"Bearer {self._token.reveal()}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        try:
            answer = httpx.request(
                method, url, headers=headers, timeout=_TIMEOUT_SECONDS, **request
            )
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise CouldNotRunError(
                f"{method} {url}: no usable answer ({type(error).__name__})"
            ) from None
        if answer.is_success:
            return said
        message = said.get("message") if isinstance(said, dict) else None
        text = f"{method} {url} answered {answer.status_code}: {message or 'no message'}"
        if answer.status_code in _FORBIDDEN:
            raise CredentialsError(text, hint="the job needs `pull-requests: write`")
        raise CouldNotRunError(text)
