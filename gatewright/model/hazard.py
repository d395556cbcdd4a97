"""The categories of harm that guardrails look for."""

from enum import StrEnum


class Hazard(StrEnum):
    """Cloudflare's codes of the categories; the members' names are ours to read.

    Source of the names of S1 to S13: the model card of Llama Guard 3, which does
    the judging. No source at hand names P1.
    """

    VIOLENT_CRIMES = "S1"
    NON_VIOLENT_CRIMES = "S2"
    SEX_CRIMES = "S3"
    CHILD_SEXUAL_EXPLOITATION = "S4"
    DEFAMATION = "S5"
    SPECIALIZED_ADVICE = "S6"
    PRIVACY = "S7"
    INTELLECTUAL_PROPERTY = "S8"
    INDISCRIMINATE_WEAPONS = "S9"
    HATE = "S10"
    SUICIDE_AND_SELF_HARM = "S11"
    SEXUAL_CONTENT = "S12"
    ELECTIONS = "S13"
    PROMPT_INJECTION = "P1"

    @property
    def readable(self) -> str:
        """The name that specs may use in place of the code."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Hazard":
        """The category of a code or a readable name; `ValueError` for any other word."""
        return cls[word.upper()] if word.upper() in cls.__members__ else cls(word)
