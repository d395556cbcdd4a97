"""What decides where the stand-in could do one thing or another."""

import random


class Canned:
    """The seed of the canned answers, and the dice of percentage elements."""

    def __init__(self) -> None:
        self.seed = ""
        self.dice = random.Random()  # noqa: S311 - a choice of ways, not of secrets

    def sow(self, seed: str) -> None:
        """Choose as ``seed`` says from now on; the empty one is the start's."""
        self.seed = seed
        self.dice.seed(seed or None)
