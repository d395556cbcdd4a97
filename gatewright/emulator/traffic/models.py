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
    """A Workers AI model; ``dimensions`` and ``pooling`` are of its embeddings."""

    id: str
    task: Task
    dimensions: int = 0
    pooling: str | None = None


_GENERATION, _CLASSIFICATION, _EMBEDDINGS = Task

MODELS = {
    model.id: model
    for model in (
        Model("@cf/meta/llama-3-8b-instruct", _GENERATION),
        Model("@cf/meta/llama-3.1-8b-instruct", _GENERATION),
        Model("@cf/meta/llama-3.1-8b-instruct-fast", _GENERATION),
        Model("@cf/meta/llama-3.1-8b-instruct-fp8", _GENERATION),
        Model("@cf/meta/llama-3.1-70b-instruct", _GENERATION),
        Model("@cf/meta/llama-3.2-1b-instruct", _GENERATION),
        Model("@cf/meta/llama-3.2-3b-instruct", _GENERATION),
        Model("@cf/meta/llama-3.3-70b-instruct-fp8-fast", _GENERATION),
        Model("@cf/meta/llama-4-scout-17b-16e-instruct", _GENERATION),
        Model("@cf/mistral/mistral-7b-instruct-v0.1", _GENERATION),
        Model("@cf/mistralai/mistral-small-3.1-24b-instruct", _GENERATION),
        Model("@cf/google/gemma-3-12b-it", _GENERATION),
        Model("@cf/qwen/qwen2.5-coder-32b-instruct", _GENERATION),
        Model("@cf/openai/gpt-oss-20b", _GENERATION),
        Model("@cf/openai/gpt-oss-120b", _GENERATION),
        Model("@cf/huggingface/distilbert-sst-2-int8", _CLASSIFICATION),
        Model("@cf/baai/bge-small-en-v1.5", _EMBEDDINGS, 384, "mean"),
        Model("@cf/baai/bge-base-en-v1.5", _EMBEDDINGS, 768, "mean"),
        Model("@cf/baai/bge-large-en-v1.5", _EMBEDDINGS, 1024, "mean"),
        Model("@cf/baai/bge-m3", _EMBEDDINGS, 1024),
        Model("@cf/google/embeddinggemma-300m", _EMBEDDINGS, 768),
    )
}
