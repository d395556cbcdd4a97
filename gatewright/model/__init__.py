"""What is declared, as plain values: no input or output, nothing from third parties."""

from gatewright.model.action import Action
from gatewright.model.deployment import Deployment
from gatewright.model.dlp import Dlp, DlpPolicy
from gatewright.model.endpoint import Api, Endpoint, EndpointCache, JsonValue, Provider
from gatewright.model.expect import Expect, JsonExpectation, JsonPath, SmokeTexts
from gatewright.model.finding import Finding, Location, Severity
from gatewright.model.gateway import CachePolicy, Gateway, Logs, RateLimiting, Retries
from gatewright.model.guardrails import Guardrails, Hazard
from gatewright.model.otel import OtelExporter
from gatewright.model.secret import SecretReference, SecretStore
from gatewright.model.spend_limits import SpendLimits, SpendRule
from gatewright.model.stripe import Stripe
from gatewright.model.token import RequestIp, Token

__all__ = [
    "Action",
    "Api",
    "CachePolicy",
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
    "OtelExporter",
    "Provider",
    "RateLimiting",
    "RequestIp",
    "Retries",
    "SecretReference",
    "SecretStore",
    "Severity",
    "SmokeTexts",
    "SpendLimits",
    "SpendRule",
    "Stripe",
    "Token",
]
