"""Words and bounds of Cloudflare's that rules look for: apart, for the rest is slow to import."""

from enum import StrEnum

#: Cloudflare's own provider, whose calls have forms of their own.
WORKERS_AI = "workers-ai"
#: How a custom provider's path and the names of its models begin: ``custom-<slug>``.
PREFIX = "custom-"
#: The step that every route ends with; no step of a spec has this name.
END = "end"
#: What every route begins with; likewise.
START = "start"
#: Outputs of one percentage element. Source: Cloudflare's page of the routes' JSON.
MOST_SHARES = 5


class Api(StrEnum):
    """The form of the call, by the names the specs use."""

    RUN = "run"
    CHAT_COMPLETIONS = "chat-completions"
    EMBEDDINGS = "embeddings"
    COMPAT_CHAT_COMPLETIONS = "compat-chat-completions"
    COMPAT_EMBEDDINGS = "compat-embeddings"

    @property
    def is_compat(self) -> bool:
        """Whether it is one form for all providers, the model's name beginning with them."""
        return self in {Api.COMPAT_CHAT_COMPLETIONS, Api.COMPAT_EMBEDDINGS}
