"""The project's local Cloudflare, looked at from outside while no Pulumi runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gatewright.local import Folder
from gatewright.local.emulator import ACCOUNT_ID, Emulator, running
from support.workerd import workerd


@dataclass(frozen=True, slots=True)
class Cloudflare:
    """The account API with the deploying token."""

    emulator: Emulator

    def gateways(self) -> list[dict[str, Any]]:
        return self._get("ai-gateway/gateways")

    def gateway(self, gateway_id: str) -> dict[str, Any]:
        return self._get(f"ai-gateway/gateways/{gateway_id}")

    def tokens(self) -> list[dict[str, Any]]:
        """All but the one that deploys."""
        own = self._get("tokens/verify")["id"]
        return [row for row in self._get("tokens") if row["id"] != own]

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of it, oldest first."""
        answer = httpx.get(f"http://127.0.0.1:{self.emulator.port}/_emulator/requests")
        answer.raise_for_status()
        return answer.json()["result"]

    def fault(self, **fault: Any) -> None:
        """Make a request go wrong."""
        url = f"http://127.0.0.1:{self.emulator.port}/_emulator/faults"
        httpx.post(url, json=[fault]).raise_for_status()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The whole answer of a path below the account, with the deploying token."""
        token = self.emulator.token_file.read_text().strip()
        answer = httpx.request(
            method,
            f"{self.emulator.api_url}/accounts/{ACCOUNT_ID}/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )
        answer.raise_for_status()
        return answer.json()

    def _get(self, path: str) -> Any:
        return self.call("GET", path)["result"]


@contextmanager
def running_cloudflare(project: Path) -> Iterator[Cloudflare]:
    """Start it on the project's data, on the port the stack's outputs name."""
    with running(Folder(project), workerd()) as emulator:
        yield Cloudflare(emulator)
