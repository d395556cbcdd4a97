"""The steps of `gatewright rehearse`."""

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from gatewright import engine, npm, spec
from gatewright.cli import console
from gatewright.cli.phases import Phases
from gatewright.cli.revisions import Revisions
from gatewright.cli.staging import Staged
from gatewright.errors import UsageError
from gatewright.local import emulator, workers
from gatewright.local.stage import open_stage, scratch
from gatewright.paint import plain
from gatewright.places import home
from gatewright.redaction import Redactor
from gatewright.rehearsal import Copy, MadeUp, Result
from gatewright.rehearsal.result import refused

if TYPE_CHECKING:
    from gatewright.deploy import Operation
    from gatewright.model import Deployment

#: The stack of the specs alone; one that a file names is rehearsed by that name.
_STACK = "rehearsal"
#: What an account of the larger plan may have.
_GATEWAYS = 20


def rehearse(
    revisions: Revisions,
    stack: str | None,
    *,
    refuses: "frozenset[Operation]" = frozenset(),
    is_coded: bool = False,
) -> "tuple[Result, Redactor]":
    """Rehearse ``revisions``; the redactor masks whatever was a secret on the way.

    Nothing is deployed if the specs of the later one have errors. Raises `CouldNotRunError`
    if what it takes cannot be had.
    """
    emulator.require_extra()
    phases = Phases()
    name = stack or _STACK
    with ExitStack() as opened:
        with phases.phase("revisions"):
            folder = opened.enter_context(scratch())
            before, after = revisions.copies(folder)
            if revisions.note:
                phases.note(f"{revisions.note}: only what is here is rehearsed")
            loaded = _loaded(after, name)
            if loaded.deployment is None:
                broken = Result(after.said, stack, findings=loaded.findings)
                return replace(broken, seconds=tuple(phases.seconds)), Redactor()
            old = _declared_before(before, after, name, phases) if before else None
            deployments = [each for each in (old, loaded.deployment) if each is not None]
        with phases.phase("local Cloudflare"):
            found = engine.find(say=console.say)
            runtime = _runtime(deployments, phases)
            made_up = MadeUp.of(deployments)
            limits = _limits(deployments)
            stage = opened.enter_context(
                open_stage(folder, found, runtime, made_up.environment, emulator_options=limits)
            )
            console.say(f"provider: {stage.provider.description}")
        staged = Staged(stage, name, made_up, phases)
        result = staged.run(before if old is not None else None, after, deployments[-1])
        redactor = staged.redactor
    result = replace(
        result,
        stack=stack,
        findings=loaded.findings,
        notes=tuple(phases.notes),
        seconds=tuple(phases.seconds),
        refused_by=refused(result.plan, refuses) if result.plan else (),
        is_coded=is_coded,
    )
    return result, redactor


def _loaded(after: Copy, stack: str) -> spec.Loaded:
    if not after.is_project:
        raise UsageError(
            f"{after.said} has no Pulumi.yaml in the project's folder: there is no program to run"
        )
    loaded = spec.load(after.project, stack=stack)
    console.say(spec.report.text(loaded, plain))
    return loaded


def _declared_before(before: Copy, after: Copy, stack: str, phases: Phases) -> "Deployment | None":
    """What the earlier revision declares; None, with a note, where it cannot be deployed."""
    only = f"only {after.said} is rehearsed"
    if not before.is_project or not (before.project / spec.files.FOLDER).is_dir():
        phases.note(f"{before.said} has no gateways yet: {only}")
        return None
    if before.name != after.name:
        phases.note(
            f"the project's name changes from `{before.name}` to `{after.name}`, by which Pulumi "
            f"knows its stacks: {only}"
        )
        return None
    deployment = spec.load(before.project, stack=stack).deployment
    if deployment is None:
        phases.note(f"the specs of {before.said} have errors: {only}")
    return deployment


def _runtime(deployments: "list[Deployment]", phases: Phases) -> workers.Runtime:
    declared = [worker for each in deployments for worker in each.workers]
    if not declared:
        return workers.Runtime()
    if any(worker.script and worker.script.is_typescript for worker in declared):
        # The program compiles it, and could not fetch what that takes.
        npm.fetch(npm.ESBUILD, home(), console.say)
    runtime = workers.fetched(console.say)
    if runtime.missing:
        phases.note(f"Workers are not checked: {runtime.missing}")
    return runtime


def _limits(deployments: "list[Deployment]") -> list[str]:
    """Of the local account: what was judged by `validate` is not judged again.

    All of it happens within seconds, for which no account's rate of requests is meant.
    """
    most = max(_GATEWAYS, *(len(each.gateways) for each in deployments))
    return ["--quota", str(most), "--api-limit", "off"]
