"""The errors that people are meant to read."""


class ProviderError(Exception):
    """Work that could not be done; the message is complete and free of secrets."""


class NotFoundError(ProviderError):
    """The API answered 404."""


class UncertainError(ProviderError):
    """No answer, or one of a server's error: what was asked for may have been done all the same."""
