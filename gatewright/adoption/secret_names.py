"""Names for the secrets that an account does not tell, or must not be written down."""

import re

_NOT_A_NAME = re.compile(r"[^A-Z0-9]+")


class SecretNames:
    """References to environment variables, one for each secret of an object."""

    def __init__(self, *owner: str) -> None:
        self._owner = owner
        self.given: list[str] = []

    def reference(self, *parts: str) -> dict[str, str]:
        """`{env: NAME}`, the name made of the owner and of ``parts``."""
        name = _NOT_A_NAME.sub("_", "_".join((*self._owner, *parts)).upper()).strip("_")
        if name[:1].isdigit():
            name = f"GATEWAY_{name}"
        self.given.append(name)
        return {"env": name}
