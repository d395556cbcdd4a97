"""What is declared, as plain values: no input or output, nothing from third parties."""

from gatewright.model.deployment import Deployment
from gatewright.model.endpoint import Api, Endpoint, EndpointCache, JsonValue, Provider
from gatewright.model.finding import Finding, Location, Severity
from gatewright.model.gateway import CachePolicy, Gateway, Logs, RateLimiting, Retries
from gatewright.model.token import RequestIp, Token

__all__ = [
    "Api",
    "CachePolicy",
    "Deployment",
    "Endpoint",
    "EndpointCache",
    "Finding",
    "Gateway",
    "JsonValue",
    "Location",
    "Logs",
    "Provider",
    "RateLimiting",
    "RequestIp",
    "Retries",
    "Severity",
    "Token",
]
