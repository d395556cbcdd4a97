"""What models cost: an estimate, for prices change.

Source: Cloudflare's documentation, "Workers AI pricing". Models that are not in its
table of prices by the token are not in ours.
"""

from typing import NamedTuple

SOURCE = "developers.cloudflare.com/workers-ai/platform/pricing"

_MILLION = 1_000_000


class Price(NamedTuple):
    """US dollars for a million tokens, of the input and of the output."""

    input: float
    output: float = 0.0

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (self.input * input_tokens + self.output * output_tokens) / _MILLION


PRICES = {
    "@cf/baai/bge-base-en-v1.5": Price(0.067),
    "@cf/baai/bge-large-en-v1.5": Price(0.204),
    "@cf/baai/bge-small-en-v1.5": Price(0.020),
    "@cf/deepseek-ai/deepseek-r1-distill-qwen-32b": Price(0.497, 4.881),
    "@cf/huggingface/distilbert-sst-2-int8": Price(0.026),
    "@cf/meta/llama-2-7b-chat-fp16": Price(0.556, 6.667),
    "@cf/meta/llama-3-8b-instruct": Price(0.282, 0.827),
    "@cf/meta/llama-3-8b-instruct-awq": Price(0.123, 0.266),
    "@cf/meta/llama-3.1-70b-instruct-fp8-fast": Price(0.293, 2.253),
    "@cf/meta/llama-3.1-8b-instruct": Price(0.282, 0.827),
    "@cf/meta/llama-3.1-8b-instruct-awq": Price(0.123, 0.266),
    "@cf/meta/llama-3.1-8b-instruct-fp8": Price(0.152, 0.287),
    "@cf/meta/llama-3.1-8b-instruct-fp8-fast": Price(0.045, 0.384),
    "@cf/meta/llama-3.2-11b-vision-instruct": Price(0.049, 0.676),
    "@cf/meta/llama-3.2-1b-instruct": Price(0.027, 0.201),
    "@cf/meta/llama-3.2-3b-instruct": Price(0.051, 0.335),
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast": Price(0.293, 2.253),
    "@cf/meta/m2m100-1.2b": Price(0.342, 0.342),
    "@cf/mistral/mistral-7b-instruct-v0.1": Price(0.110, 0.190),
}


def dollars(value: float) -> str:
    """An amount of money with two digits that say something: `$1.20`, `$0.00042`."""
    if not value or value >= 1:
        return f"${value:.2f}"
    shown = f"{value:.12f}"
    zeros = len(shown) - len(shown[2:].lstrip("0")) - 2
    return f"${value:.{max(zeros + 2, 2)}f}"
