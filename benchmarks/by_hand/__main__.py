"""AI gateways and the token that calls them, as a person writes them who has no tool."""

import json
import os

import pulumi
import pulumi_cloudflare as cloudflare

ACCOUNT = os.environ["CLOUDFLARE_ACCOUNT_ID"]
GATEWAY_URL = os.environ["GATEWRIGHT_GATEWAY_URL"]

urls = {}
for number in range(int(os.environ["GATEWAYS"])):
    name = f"gateway-{number:05d}"
    cloudflare.AiGateway(
        name,
        account_id=ACCOUNT,
        ai_gateway_id=name,
        authentication=True,
        byok_only=False,
        cache_ttl=3600,
        cache_invalidate_on_update=True,
        collect_logs=True,
        log_classification=False,
        log_management=100000,
        log_management_strategy="DELETE_OLDEST",
        logpush=False,
        otels=[],
        rate_limiting_interval=60,
        rate_limiting_limit=600,
        rate_limiting_technique="sliding",
        retry_max_attempts=3,
        retry_delay=500,
        retry_backoff="exponential",
        spend_limits=cloudflare.AiGatewaySpendLimitsArgs(enabled=False, rules=[]),
        workers_ai_billing_mode="postpaid",
        zdr=False,
        # Cloudflare assigns it when the gateway is made.
        opts=pulumi.ResourceOptions(ignore_changes=["store_id"]),
    )
    url = f"{GATEWAY_URL}/{ACCOUNT}/{name}"
    openai = f"{url}/workers-ai/v1"
    urls[name] = {"url": url, "openaiUrl": openai, "compatUrl": f"{url}/compat"}

listed = cloudflare.get_account_api_token_permission_groups_list(account_id=ACCOUNT, max_items=1000)
groups = {group.name: group.id for group in listed.results}
token = cloudflare.AccountToken(
    "caller",
    account_id=ACCOUNT,
    name="caller",
    policies=[
        cloudflare.AccountTokenPolicyArgs(
            effect="allow",
            permission_groups=[
                cloudflare.AccountTokenPolicyPermissionGroupArgs(id=ident)
                for ident in sorted([groups["AI Gateway Run"], groups["Workers AI Read"]])
            ],
            resources=json.dumps({f"com.cloudflare.api.account.{ACCOUNT}": "*"}),
        )
    ],
    expires_on="2099-12-31T23:59:59Z",
)
pulumi.export("gateways", urls)
told = {"id": token.id, "value": pulumi.Output.secret(token.value)}
pulumi.export("tokens", {"caller": told})
