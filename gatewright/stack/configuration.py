"""What a stack's own file says in clear: `Pulumi.<stack>.yaml` in the project."""

from pathlib import Path

import yaml

#: The environment variables that win over these keys of the configuration.
_VARIABLES = {
    "gatewright:accountId": "CLOUDFLARE_ACCOUNT_ID",
    "gatewright:apiUrl": "CLOUDFLARE_BASE_URL",
}


def settings(project: Path, name: str | None) -> dict[str, str]:
    """Where the stack goes, by the environment variable that would say the same.

    Read without the engine, which most readers of an account can do without. What is
    encrypted, or comes from a Pulumi environment, is not seen; nothing is, if there is no
    such file or it is no sound one: the engine says so when it reads it.
    """
    if name is None:
        return {}
    path = project / f"Pulumi.{name.rsplit('/', 1)[-1]}.yaml"
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8")).get("config") or {}
        found = {variable: config.get(key) for key, variable in _VARIABLES.items()}
    except (OSError, ValueError, AttributeError, yaml.YAMLError):
        return {}
    return {variable: str(value) for variable, value in found.items() if isinstance(value, str)}
