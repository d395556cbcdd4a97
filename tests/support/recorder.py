from dataclasses import dataclass, field
from typing import Any

import pulumi

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"

GROUPS = {
    "AI Gateway Read": "4dc8917b4b40457d88d3035d5dadb054",
    "AI Gateway Run": "644535f4ed854494a59cb289d634b257",
    "Workers AI Metadata Read": "0" * 32,
    "Workers AI Read": "a92d2450e05d4e7bb7d0a64968f83d11",
}


@dataclass
class Recorder(pulumi.runtime.Mocks):
    """What the program asked the engine for."""

    resources: list[pulumi.runtime.MockResourceArgs] = field(default_factory=list)
    calls: list[pulumi.runtime.MockCallArgs] = field(default_factory=list)

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.resources.append(args)
        outputs = dict(args.inputs)
        if args.typ in {
            "cloudflare:index/accountToken:AccountToken",
            "cloudflare:index/apiToken:ApiToken",
        }:
            outputs["value"] = "cfat_" + "v" * 40
        return f"{args.name}-id", outputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        self.calls.append(args)
        results = [
            {"id": group, "name": name, "scopes": ["com.cloudflare.api.account"]}
            for name, group in GROUPS.items()
        ]
        zone = {
            "id": "f" * 32,
            "name": "AI Gateway Run",
            "scopes": ["com.cloudflare.api.account.zone"],
        }
        return {"results": [zone, *results], "accountId": ACCOUNT, "id": "groups"}

    def of_type(self, token: str) -> dict[str, dict[str, Any]]:
        """Logical name → inputs of the resources of a type."""
        return {args.name: args.inputs for args in self.resources if args.typ == token}
