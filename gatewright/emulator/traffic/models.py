"""The models that can be called; another one is another line."""

from dataclasses import dataclass
from enum import Enum


class Task(Enum):
    """What a model does, which decides what it takes and answers."""

    TEXT_GENERATION = "text-generation"
    TEXT_CLASSIFICATION = "text-classification"
    TEXT_EMBEDDINGS = "text-embeddings"


@dataclass(frozen=True, slots=True)
class Model:
    """A Workers AI model; ``dimensions`` and ``pooling`` are of its embeddings.

    Prices are in dollars for a million tokens, in the order of the published ones.
    """

    id: str
    task: Task
    price_in: float = 0.0
    price_out: float = 0.0
    dimensions: int = 0
    pooling: str | None = None


_GENERATION, _CLASSIFICATION, _EMBEDDINGS = Task

MODELS = {
    model.id: model
    for model in (
        Model("@cf/meta/llama-3-8b-instruct", _GENERATION, 0.282, 0.827),
        Model("@cf/meta/llama-3.1-8b-instruct", _GENERATION, 0.282, 0.827),
        Model("@cf/meta/llama-3.1-8b-instruct-fast", _GENERATION, 0.045, 0.384),
        Model("@cf/meta/llama-3.1-8b-instruct-fp8", _GENERATION, 0.152, 0.287),
        Model("@cf/meta/llama-3.1-70b-instruct", _GENERATION, 0.293, 2.253),
        Model("@cf/meta/llama-3.2-1b-instruct", _GENERATION, 0.027, 0.201),
        Model("@cf/meta/llama-3.2-3b-instruct", _GENERATION, 0.051, 0.335),
        Model("@cf/meta/llama-3.3-70b-instruct-fp8-fast", _GENERATION, 0.293, 2.253),
        Model("@cf/meta/llama-4-scout-17b-16e-instruct", _GENERATION, 0.27, 0.85),
        Model("@cf/mistral/mistral-7b-instruct-v0.1", _GENERATION, 0.11, 0.19),
        Model("@cf/mistralai/mistral-small-3.1-24b-instruct", _GENERATION, 0.351, 0.555),
        Model("@cf/google/gemma-3-12b-it", _GENERATION, 0.345, 0.556),
        Model("@cf/qwen/qwen2.5-coder-32b-instruct", _GENERATION, 0.66, 1.0),
        Model("@cf/openai/gpt-oss-20b", _GENERATION, 0.2, 0.3),
        Model("@cf/openai/gpt-oss-120b", _GENERATION, 0.35, 0.75),
        Model("@cf/huggingface/distilbert-sst-2-int8", _CLASSIFICATION, 0.026),
        Model("@cf/baai/bge-small-en-v1.5", _EMBEDDINGS, 0.02, 0.0, 384, "mean"),
        Model("@cf/baai/bge-base-en-v1.5", _EMBEDDINGS, 0.067, 0.0, 768, "mean"),
        Model("@cf/baai/bge-large-en-v1.5", _EMBEDDINGS, 0.204, 0.0, 1024, "mean"),
        Model("@cf/baai/bge-m3", _EMBEDDINGS, 0.012, 0.0, 1024),
        Model("@cf/google/embeddinggemma-300m", _EMBEDDINGS, 0.012, 0.0, 768),
    )
}
