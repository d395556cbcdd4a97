"""`gatewright doctor`."""

import os
import sys
from pathlib import Path

import click

from gatewright import doctor
from gatewright.cli import console
from gatewright.cli.options import json_option, local_option, project_option, stack_option
from gatewright.cli.verbs import context_settings
from gatewright.local import open_session
from gatewright.redaction import Redactor


@click.command(context_settings=context_settings())
@stack_option
@local_option
@json_option
@project_option
def command(*, stack: str | None, is_local: bool, as_json: bool, project: Path) -> int:
    r"""Look for what stands between this machine and a deployment.

    Versions, engine, provider plugin, specs, settings and which of them won, proxies, the
    account, the token and what it may read, the clock, the quota. Nothing is changed. Exits
    with 0 if nothing fails, else with 8 (network, engine), 2 (settings), 4 (token) or 3
    (specs), the first of these.

    \b
    Examples:
      gatewright doctor
      gatewright doctor --stack prod --json
      gatewright doctor --local
    """
    if is_local:
        with open_session(project, console.say) as session:
            environment = dict(session.stack.environment)
            patient = doctor.Patient(project, environment, session.stack.name)
            diagnosis = doctor.examine(patient)
    else:
        environment = dict(os.environ)
        diagnosis = doctor.examine(doctor.Patient(project, environment, stack))
    names = ("CLOUDFLARE_API_TOKEN", "GATEWRIGHT_TOKEN", "PULUMI_ACCESS_TOKEN")
    redactor = Redactor([environment[name] for name in names if name in environment])
    paint = console.paint_for(sys.stdout)
    text = (
        doctor.report.as_json(diagnosis)
        if as_json
        else doctor.report.text(diagnosis, paint, console.width())
    )
    console.out(redactor.text(text))
    return diagnosis.exit_code
