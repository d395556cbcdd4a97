"""The account API below ``/client/v4``."""

PREFIX = "/client/v4"
