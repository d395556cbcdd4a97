"""The stand-in's description of itself, an OpenAPI 3.1 document.

It is made of the tables by which requests are routed, read and answered.
"""

from gatewright.emulator.openapi.document import PATH, document

__all__ = ["PATH", "document"]
