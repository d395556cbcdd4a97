"""What is declared, as plain values: no input or output, nothing from third parties.

Most are dataclasses, which take long to make: each is, when it is first asked for.
"""

from typing import TYPE_CHECKING

from gatewright.lazy import names_of
from gatewright.model.finding import Finding, Location, Severity, Source
from gatewright.model.json_value import JsonValue
from gatewright.model.words import WORKERS_AI, Api

if TYPE_CHECKING:
    from gatewright.model.action import Action
    from gatewright.model.custom_provider import CustomProvider
    from gatewright.model.deployment import Deployment
    from gatewright.model.dlp import Dlp, DlpPolicy
    from gatewright.model.endpoint import Endpoint, EndpointCache
    from gatewright.model.expect import Expect, JsonExpectation, JsonPath, SmokeTexts
    from gatewright.model.gateway import CachePolicy, Gateway, Logs, RateLimiting, Retries
    from gatewright.model.guardrails import Guardrails
    from gatewright.model.hazard import Hazard
    from gatewright.model.otel import OtelExporter
    from gatewright.model.provider_config import ProviderConfig
    from gatewright.model.request import CustomCost, MetadataValue, RequestOptions
    from gatewright.model.route import (
        ConditionalStep,
        ModelStep,
        PercentageStep,
        RateStep,
        Route,
        Step,
    )
    from gatewright.model.secret import SecretReference, SecretStore
    from gatewright.model.spend_limits import SpendLimits, SpendRule
    from gatewright.model.stripe import Stripe
    from gatewright.model.token import RequestIp, Token, TokenKind
    from gatewright.model.worker import (
        COMPATIBILITY_DATE,
        MAIN_MODULE,
        Script,
        Worker,
        WorkerEndpoint,
        WorkerGateway,
    )

__all__ = [
    "COMPATIBILITY_DATE",
    "MAIN_MODULE",
    "WORKERS_AI",
    "Action",
    "Api",
    "CachePolicy",
    "ConditionalStep",
    "CustomCost",
    "CustomProvider",
    "Deployment",
    "Dlp",
    "DlpPolicy",
    "Endpoint",
    "EndpointCache",
    "Expect",
    "Finding",
    "Gateway",
    "Guardrails",
    "Hazard",
    "JsonExpectation",
    "JsonPath",
    "JsonValue",
    "Location",
    "Logs",
    "MetadataValue",
    "ModelStep",
    "OtelExporter",
    "PercentageStep",
    "ProviderConfig",
    "RateLimiting",
    "RateStep",
    "RequestIp",
    "RequestOptions",
    "Retries",
    "Route",
    "Script",
    "SecretReference",
    "SecretStore",
    "Severity",
    "SmokeTexts",
    "Source",
    "SpendLimits",
    "SpendRule",
    "Step",
    "Stripe",
    "Token",
    "TokenKind",
    "Worker",
    "WorkerEndpoint",
    "WorkerGateway",
]

if not TYPE_CHECKING:
    __getattr__ = names_of(
        __name__,
        {
            "COMPATIBILITY_DATE": "worker",
            "MAIN_MODULE": "worker",
            "Action": "action",
            "CachePolicy": "gateway",
            "ConditionalStep": "route",
            "CustomCost": "request",
            "CustomProvider": "custom_provider",
            "Deployment": "deployment",
            "Dlp": "dlp",
            "DlpPolicy": "dlp",
            "Endpoint": "endpoint",
            "EndpointCache": "endpoint",
            "Expect": "expect",
            "Gateway": "gateway",
            "Guardrails": "guardrails",
            "Hazard": "hazard",
            "JsonExpectation": "expect",
            "JsonPath": "expect",
            "Logs": "gateway",
            "MetadataValue": "request",
            "ModelStep": "route",
            "OtelExporter": "otel",
            "PercentageStep": "route",
            "ProviderConfig": "provider_config",
            "RateLimiting": "gateway",
            "RateStep": "route",
            "RequestIp": "token",
            "RequestOptions": "request",
            "Retries": "gateway",
            "Route": "route",
            "Script": "worker",
            "SecretReference": "secret",
            "SecretStore": "secret",
            "SmokeTexts": "expect",
            "SpendLimits": "spend_limits",
            "SpendRule": "spend_limits",
            "Step": "route",
            "Stripe": "stripe",
            "Token": "token",
            "TokenKind": "token",
            "Worker": "worker",
            "WorkerEndpoint": "worker",
            "WorkerGateway": "worker",
        },
    )
