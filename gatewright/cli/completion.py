"""`gatewright completion`."""

import click
from click.shell_completion import get_completion_class

from gatewright.cli import console
from gatewright.cli.verbs import context_settings

#: Click's name of the variable by which the shell asks for what could follow.
_VARIABLE = "_GATEWRIGHT_COMPLETE"
_SHELLS = ("bash", "zsh", "fish")
#: Click's script for Bash makes two words of a name with a space, unless a quote is open.
_IN_ONE_PIECE = (
    "COMPREPLY+=($value)",
    r"""[[ ${COMP_WORDS[COMP_CWORD]} == [\"\']* ]] || printf -v value %q "$value"
            COMPREPLY+=("$value")""",
)


@click.command(context_settings=context_settings())
@click.argument("shell", type=click.Choice(_SHELLS))
def command(*, shell: str) -> None:
    r"""Print the script that makes SHELL complete verbs, options, stacks, rules and names.

    Bash needs version 4.4 or newer. The script calls `gatewright` for each completion,
    which reads the specs of the current folder where it must, and nothing else.

    \b
    Examples:
      gatewright completion bash >> ~/.bashrc
      gatewright completion zsh >> ~/.zshrc
      gatewright completion fish > ~/.config/fish/completions/gatewright.fish
    """
    from gatewright.cli.boundary import cli  # noqa: PLC0415  # it imports this module

    kind = get_completion_class(shell)
    if kind is None:  # pragma: no cover  # click has all three
        raise AssertionError(shell)
    script = kind(cli, {}, "gatewright", _VARIABLE).source()
    console.out(script.replace(*_IN_ONE_PIECE))
