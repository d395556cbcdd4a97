"""What a Workers AI model does, as far as its answer's shape is concerned."""

from enum import StrEnum


class Task(StrEnum):
    """Cloudflare's names of the tasks whose answers are checked in detail."""

    TEXT_GENERATION = "text-generation"
    TEXT_CLASSIFICATION = "text-classification"
    TEXT_EMBEDDINGS = "text-embeddings"


#: Beginnings of the last part of a model's name. Source: Cloudflare's catalogue of models.
_FAMILIES = {
    Task.TEXT_CLASSIFICATION: ("distilbert-sst-2",),
    Task.TEXT_EMBEDDINGS: (
        "bge-base-", "bge-large-", "bge-m3", "bge-small-", "embeddinggemma-", "plamo-embedding-",
        "qwen3-embedding-",
    ),
    Task.TEXT_GENERATION: (
        "deepseek-coder-", "deepseek-math-", "deepseek-r1-", "falcon-", "gemma-", "granite-",
        "hermes-", "llama-2-", "llama-3-", "llama-3.1-", "llama-3.2-1b-", "llama-3.2-3b-",
        "llama-3.3-", "llama-4-", "meta-llama-3-", "mistral-", "neural-chat-", "openchat-",
        "openhermes-", "phi-2", "qwen1.5-", "qwen2.5-coder-", "qwen3-30b-", "qwq-", "starling-",
        "tinyllama-", "zephyr-",
    ),
}  # fmt: skip


def task_of(model: str) -> Task | None:
    """The task of ``model`` (`@cf/meta/llama-3.1-8b-instruct`); None where it is not known."""
    name = model.rsplit("/", 1)[-1].lower()
    for task, families in _FAMILIES.items():
        if name.startswith(families):
            return task
    return None
