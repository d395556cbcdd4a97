"""What the models say: canned, and the same for the same model and input.

Words stand for tokens. The shapes are true to the models, the wit is not.
"""

import hashlib
import math
import re
import struct
from dataclasses import dataclass
from typing import Any

_QUOTE = 120
_REMARKS = (
    "This answer is canned: it is always the same for the same model and input.",
    "No model was asked: the local stand-in answers alone, and always the same.",
    "The local stand-in wrote this; a real model would have more to say.",
)

_WORD = re.compile(r"[a-z']+")
_POSITIVE = frozenset(
    (
        "amazing",
        "awesome",
        "beautiful",
        "best",
        "brilliant",
        "delightful",
        "easy",
        "enjoy",
        "enjoyed",
        "excellent",
        "fantastic",
        "fast",
        "friendly",
        "fun",
        "glad",
        "good",
        "great",
        "happy",
        "helpful",
        "impressive",
        "like",
        "liked",
        "love",
        "loved",
        "lovely",
        "nice",
        "outstanding",
        "perfect",
        "pleasant",
        "recommend",
        "reliable",
        "smooth",
        "superb",
        "thanks",
        "useful",
        "well",
        "wonderful",
        "works",
    )
)
_NEGATIVE = frozenset(
    (
        "annoying",
        "awful",
        "bad",
        "boring",
        "broke",
        "broken",
        "bug",
        "bugs",
        "confusing",
        "crash",
        "crashes",
        "disappointed",
        "disappointing",
        "dreadful",
        "fail",
        "failed",
        "fails",
        "frustrating",
        "hate",
        "hated",
        "horrible",
        "mess",
        "painful",
        "poor",
        "sad",
        "slow",
        "terrible",
        "ugly",
        "unhappy",
        "unreliable",
        "unusable",
        "useless",
        "waste",
        "worse",
        "worst",
        "wrong",
    )
)
_NEGATIONS = frozenset(("don't", "isn't", "never", "no", "not", "wasn't", "won't"))

_SHORTS = struct.Struct("<h")
_SHORT_MAX = 32_768.0


@dataclass(frozen=True, slots=True)
class Generation:
    """Generated text in pieces that join to it, and what it cost."""

    pieces: tuple[str, ...]
    finish_reason: str
    prompt_tokens: int

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.pieces)

    @property
    def usage(self) -> dict[str, Any]:
        """Counts of tokens."""
        completion = len(self.pieces)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion,
            "total_tokens": self.prompt_tokens + completion,
        }


def generate(model: str, texts: list[str], max_tokens: int, seed: str = "") -> Generation:
    """An answer to the last of ``texts``, cut off after ``max_tokens`` words."""
    asked = texts[-1].strip()
    quote = asked if len(asked) <= _QUOTE else asked[: _QUOTE - 1] + "…"
    remark = _REMARKS[_seed(seed + model, *texts)[0] % len(_REMARKS)]
    words = f"You asked {model}: “{quote}” {remark}".split()
    pieces = [word if index == 0 else f" {word}" for index, word in enumerate(words)]
    reason = "stop" if len(pieces) <= max_tokens else "length"
    prompt_tokens = sum(len(text.split()) for text in texts)
    return Generation(tuple(pieces[:max_tokens]), reason, prompt_tokens)


def classify(text: str) -> list[dict[str, Any]]:
    """Sentiment by a list of words; the two scores sum to 1."""
    balance, negated = 0.0, False
    for word in _WORD.findall(text.lower()):
        sign = (word in _POSITIVE) - (word in _NEGATIVE)
        balance += -sign if negated else sign
        negated = word in _NEGATIONS or (negated and not sign)
    # A text without any such word leans a little, always to the same side.
    leaning = (_seed("sentiment", text)[0] - 127.5) / 1000
    bounded = max(-4.0, min(4.0, balance))
    positive = 1 / (1 + math.exp(-2.0 * bounded - leaning))
    return [
        {"label": "NEGATIVE", "score": 1 - positive},
        {"label": "POSITIVE", "score": positive},
    ]


def embed(model: str, text: str, dimensions: int, seed: str = "") -> list[float]:
    """A vector of length 1 in single precision."""
    digest = hashlib.shake_256(_seed(seed + model, text)).digest(dimensions * _SHORTS.size)
    raw = [(value + 0.5) / _SHORT_MAX for (value,) in _SHORTS.iter_unpack(digest)]
    length = math.sqrt(sum(value * value for value in raw))
    single = struct.Struct(f"<{dimensions}f")
    return list(single.unpack(single.pack(*(value / length for value in raw))))


def count_tokens(texts: list[str]) -> int:
    """Words, in place of tokens."""
    return sum(len(text.split()) for text in texts)


def _seed(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).digest()
