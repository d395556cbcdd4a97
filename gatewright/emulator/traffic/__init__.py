"""The gateway endpoint below ``/v1/{account_id}/{gateway_id}``."""

PREFIX = "/v1"
