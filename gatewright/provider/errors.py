"""The one error of this package that people are meant to read."""


class ProviderError(Exception):
    """Work that could not be done; the message is complete and free of secrets."""


class NotFoundError(ProviderError):
    """The API answered 404."""
