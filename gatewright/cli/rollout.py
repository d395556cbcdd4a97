"""The steps of `gatewright deploy` that need the engine."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from gatewright import deploy, readback, smoke, spec
from gatewright.account import Account
from gatewright.cli import live, way_back
from gatewright.cli.smoking import Stacked, account_access, check
from gatewright.cli.teller import Teller
from gatewright.errors import CouldNotRunError, ExitCode, GatewrightError, RefusedError
from gatewright.model import Deployment, Location, SecretStore
from gatewright.model.wire import checksum
from gatewright.paint import Style
from gatewright.stack import Stack, settings

#: The stack's tag with the last revision that came through all of this.
LAST_GOOD = "gatewright:lastGood"

#: What the way back deletes or replaces again.
_UNDONE = frozenset({deploy.Operation.CREATE, deploy.Operation.REPLACE})


@dataclass(frozen=True, slots=True)
class Opened:
    """A stack, the account it belongs to, and the option that names it."""

    stack: Stack
    account: Account
    target: str


class _LockedError(CouldNotRunError):
    """Another run has the stack: what is deployed is its business."""


class Rollout:
    """The steps that need the engine."""

    def __init__(
        self, project: Path, name: str, deployment: Deployment, opened: Opened, teller: Teller
    ) -> None:
        self._project = project
        self._name = name
        self._deployment = deployment
        self._stack = opened.stack
        self._account = opened.account
        self._target = opened.target
        self._teller = teller
        environment = opened.stack.environment
        self._redactor = opened.account.redactor.with_more(
            environment.get(secret.name, "")
            for secret in deployment.secrets
            if secret.store is SecretStore.ENV
        )
        self._warned: set[str] = set()
        self._planned = 0
        self._changes: list[deploy.Change] = []
        self._is_whole = False
        self._ahead: tuple[deploy.Change, ...] = ()

    def preview(self, threshold: deploy.Threshold, *, yes: bool, is_preview: bool) -> bool:
        """Show the plan; whether to go on. Raise `RefusedError` if it may not be done."""
        self._teller.step("preview")
        looked_at: set[tuple[str, str]] = set()

        def looks_at(change: deploy.Change) -> None:
            looked_at.add((change.kind, change.key))
            self._teller.now(f"{len(looked_at)} compared, now {change.kind} {change.key}")

        plan, outcome = deploy.preview(self._stack, looks_at)
        self._ahead = tuple(each for each in plan.changes if each.nulls)
        self._warn(outcome)
        if outcome.code:
            self._tell_problems(outcome)
            if any(problem.is_protected for problem in outcome.problems):
                raise RefusedError(
                    "the plan deletes or replaces what is protected; nothing was changed",
                    hint="if that is meant: put its spec back with `protect: false`, deploy "
                    "that, then take it out again",
                )
            self._require_unlocked(outcome)
            raise CouldNotRunError(
                "the preview failed; nothing was changed",
                hint="what stands above says why; `gatewright doctor` looks for what is in the way",
            )
        self._planned = len(plan.changes)
        self._teller.tell(deploy.report.plan(plan, self._teller.paint))
        reached = deploy.reached(plan, self._deployment)
        for name, said in reached.items():
            self._teller.tell(f"token {name}: {said}")
        self._teller.event("planned", **deploy.report.plan_object(plan), reach=reached)
        threshold.check(plan)
        if is_preview:
            return False
        if not plan.changes or yes:
            return True
        if sys.stdin.isatty() and not self._teller.as_json:
            if not click.confirm("deploy this?", err=True):
                raise RefusedError("not deployed", hint="say `y`, or pass `--yes`")
        elif plan.destructive:
            raise RefusedError(
                "this plan deletes or replaces, and nobody can be asked; nothing was changed",
                hint="`--yes` says that it is meant",
            )
        return True

    def go(self, *, is_smoked: bool) -> int:
        """Deploy, read back and call; returns the exit code."""
        before = self._deployed()
        good = self._last_good() or before.get("revision")
        try:
            self._send_ahead()
            code = self._up() or self._verify() or (self._smoke() if is_smoked else ExitCode.OK)
            now = self._deployed()
        except _LockedError:
            raise
        except (GatewrightError, KeyboardInterrupt):
            with suppress(CouldNotRunError):
                self._tell_way_back(self._deployed(), good)
            raise
        if code == ExitCode.OK and is_smoked:
            self._remember(now.get("revision", ""))
        elif code:
            self._tell_way_back(now, good)
        self._teller.event("done", exit_code=int(code), deployed=now)
        return code

    def _send_ahead(self) -> None:
        """The updates that the plugin cannot send, by us; see `gatewright.deploy.ahead`."""
        declared = {gateway.id: gateway for gateway in self._deployment.gateways}
        if self._ahead:
            self._teller.step("updates without nulls")
        for change in self._ahead:
            held = self._account.gateway(change.key)
            body = deploy.ahead.body(declared[change.key], held, self._reveal)
            self._account.replace_gateway(change.key, body)
            target = deploy.ahead.TARGET.format(change.key)
            self._stack.capture("refresh", "--yes", "--skip-preview", "--target", target)
            self._done(change)

    def _reveal(self, store: SecretStore, name: str) -> str:
        """The value of a secret; the program has refused those that are not there."""
        if store is SecretStore.ENV:
            return self._stack.environment[name]
        return self._stack.capture("config", "get", f"gatewright:{name}").removesuffix("\n")

    def _up(self) -> int:
        self._teller.step("up")
        outcome = deploy.up(self._stack, self._done, self._begun)
        self._warn(outcome)
        if outcome.code == 0:
            self._teller.say(f"{len(outcome.done)} changed")
            self._is_whole = True
            self._encrypt(outcome)
            return ExitCode.OK
        self._tell_problems(outcome)
        self._require_unlocked(outcome)
        return ExitCode.COULD_NOT_RUN

    def _encrypt(self, outcome: deploy.Outcome) -> None:
        """Have the state written again, where an import read secrets: it has them in clear."""
        secret = {gateway.id for gateway in self._deployment.gateways if gateway.secrets}
        adopted = {each.key for each in outcome.done if each.operation is deploy.Operation.ADOPT}
        if not secret & adopted:
            return
        if deploy.up(self._stack, self._done).code:
            raise CouldNotRunError(
                "the secrets of adopted gateways stand in the state in clear",
                hint="`pulumi up` encrypts them",
            )
        self._teller.say("the state is written again: the secrets that were read are encrypted")

    def _require_unlocked(self, outcome: deploy.Outcome) -> None:
        if any(problem.is_locked for problem in outcome.problems):
            raise _LockedError(
                "another run holds the stack; this one changed nothing",
                hint="wait until that has ended; if it is dead, `pulumi cancel` removes its lock",
            )

    def _begun(self, change: deploy.Change) -> None:
        done = len(self._changes)
        self._teller.now(f"{done}/{self._planned} done, now {change.kind} {change.key}")

    def _done(self, change: deploy.Change) -> None:
        self._changes.append(change)
        self._teller.say(deploy.report.change(change, self._teller.paint))
        self._teller.event("changed", **deploy.report.change_object(change))

    def _verify(self) -> int:
        self._teller.step("verify")
        known = live.token_ids(self._stack)
        result = live.read(self._account, self._deployment, self._project, known=known)
        show = self._teller.tell if result.exit_code else self._teller.say
        show(readback.report.text(result, self._teller.paint))
        counts = {verdict.name.lower(): result.counts[verdict] for verdict in readback.Verdict}
        told = [
            each
            for each in map(readback.report.as_object, result.readings)
            if each["differs"] or each["warnings"]
        ]
        differs = bool(result.exit_code)
        self._teller.event("verified", differs=differs, counts=counts, readings=told)
        return result.exit_code

    def _smoke(self) -> int:
        self._teller.step("smoke")
        stacked = Stacked(self._outputs(), self._name, self._access)
        code = check(
            self._deployment,
            stacked,
            smoke.Options(),
            checks=smoke.compile_checks(self._deployment),
            is_table_aside=True,
        )
        self._teller.event("smoked", exit_code=int(code))
        return code

    @property
    def _access(self) -> smoke.AccountAccess | None:
        return account_access(self._stack.environment, settings(self._project, self._name))

    def _outputs(self) -> dict[str, Any]:
        return self._stack.outputs()

    def _deployed(self) -> dict[str, Any]:
        """Version, revision and checksum of what is deployed; empty if nothing is."""
        deployed: dict[str, Any] = self._outputs().get("gatewright", {})
        return deployed

    def _last_good(self) -> str | None:
        return self._stack.tags().get(LAST_GOOD)

    def _remember(self, revision: str) -> None:
        """What is dirty or in no repository nobody could check out again."""
        if revision and not revision.endswith("-dirty") and revision != "unknown":
            self._stack.capture("stack", "tag", "set", LAST_GOOD, revision)

    def _warn(self, outcome: deploy.Outcome) -> None:
        """Tell each warning once: the preview has most of them, `validate` what is in the specs."""
        if outcome.warnings and not self._warned:
            loaded = spec.load(self._project, stack=self._name.rsplit("/", 1)[-1])
            self._warned.add(spec.report.text(loaded))
        head = self._teller.paint("warning", Style.WARNING)
        for said in map(self._redactor.text, outcome.warnings):
            if said not in self._warned and not self._is_seen_to(said):
                self._teller.say(f"{head}: {said}")
                self._teller.event("warning", said=said)
            self._warned.add(said)

    def _is_seen_to(self, said: str) -> bool:
        """Whether it warns of the nulls that are not going to be sent."""
        return any(
            f"gateway `{each.key}`" in said and all(place in said for place in each.nulls)
            for each in self._ahead
        )

    def _tell_problems(self, outcome: deploy.Outcome) -> None:
        silent = "the engine did not say why"
        if outcome.code < 0:
            silent = f"the engine was ended by signal {-outcome.code}"
        found = outcome.problems or (deploy.Problem(silent),)
        said = deploy.report.problems(found, self._locate, self._teller.paint)
        self._teller.tell(self._redactor.text(said))
        for each in deploy.report.problem_objects(found, self._locate):
            self._teller.event("problem", **each | {"said": self._redactor.text(each["said"])})

    def _locate(self, problem: deploy.Problem) -> Location | None:
        if not problem.kind:
            return None
        return spec.locate(self._project, self._name, problem.kind, problem.key, problem.path)

    def _tell_way_back(self, now: dict[str, Any], good: str | None) -> None:
        is_told = now.get("checksum") == checksum(self._deployment)
        fates = [each.operation for each in self._changes]
        commit = way_back.revision(good)
        commands: list[str] = []
        # What was adopted was there before: to go back would delete it.
        is_there = is_told and commit == now.get("revision")
        if commit and not is_there and deploy.Operation.ADOPT not in fates:
            made = sum(fate in _UNDONE for fate in fates)
            commands = way_back.commands(self._project, self._target, commit, made)
        shown = way_back.text(now, good, commands, is_told=is_told, is_whole=self._is_whole)
        self._teller.tell(f"\n{shown}")
        self._teller.event("failed", deployed=now, last_good=good, commands=commands)
