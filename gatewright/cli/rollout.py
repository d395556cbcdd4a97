"""The steps of `gatewright deploy` that need the engine."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from gatewright import deploy, readback, smoke, spec
from gatewright.account import Account
from gatewright.cli import live
from gatewright.cli.smoking import Stacked, account_access, check
from gatewright.cli.teller import Teller
from gatewright.errors import CouldNotRunError, ExitCode, RefusedError
from gatewright.local import STACK
from gatewright.model import Deployment, Location
from gatewright.stack import Stack

#: The stack's tag with the last revision that came through all of this.
LAST_GOOD = "gatewright:lastGood"


@dataclass(frozen=True, slots=True)
class Opened:
    """A stack, and the account it belongs to."""

    stack: Stack
    account: Account


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
        self._teller = teller
        self._redactor = self._account.redactor

    def preview(self, threshold: deploy.Threshold, *, yes: bool, is_preview: bool) -> bool:
        """Show the plan; whether to go on. Raise `RefusedError` if it may not be done."""
        self._teller.step("preview")
        plan, outcome = deploy.preview(self._stack)
        if outcome.code:
            self._tell_problems(outcome)
            if any(problem.is_protected for problem in outcome.problems):
                raise RefusedError(
                    "the plan deletes or replaces what is protected; nothing was changed",
                    hint="if that is meant: put its spec back with `protect: false`, deploy "
                    "that, then take it out again",
                )
            raise CouldNotRunError(
                "the preview failed; nothing was changed",
                hint="what stands above says why; `gatewright doctor` looks for what is in the way",
            )
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
        before = self._outputs().get("gatewright", {})
        good = self._last_good()
        code = self._up() or self._verify() or (self._smoke() if is_smoked else ExitCode.OK)
        now = self._outputs().get("gatewright", {})
        if code == ExitCode.OK and is_smoked:
            self._remember(now.get("revision", ""))
        elif code:
            self._tell_way_back(now, good or before.get("revision"))
        self._teller.event("done", exit_code=int(code), deployed=now)
        return code

    def _up(self) -> int:
        self._teller.step("up")
        outcome = deploy.up(self._stack, self._done)
        if outcome.code == 0:
            self._teller.say(f"{len(outcome.done)} changed")
            return ExitCode.OK
        self._tell_problems(outcome)
        return ExitCode.COULD_NOT_RUN

    def _done(self, change: deploy.Change) -> None:
        self._teller.say(deploy.report.change(change, self._teller.paint))
        self._teller.event("changed", **deploy.report.change_object(change))

    def _verify(self) -> int:
        self._teller.step("verify")
        outputs = self._outputs()
        result = live.read(self._account, self._deployment, self._project, outputs=outputs)
        show = self._teller.tell if result.exit_code else self._teller.say
        show(readback.report.text(result, self._teller.paint))
        counts = {verdict.name.lower(): result.counts[verdict] for verdict in readback.Verdict}
        self._teller.event("verified", differs=bool(result.exit_code), counts=counts)
        return result.exit_code

    def _smoke(self) -> int:
        self._teller.step("smoke")
        stacked = Stacked(self._outputs(), self._name, account_access(self._stack.environment))
        code = check(
            self._deployment,
            stacked,
            smoke.Options(),
            checks=smoke.compile_checks(self._deployment),
            is_table_aside=True,
        )
        self._teller.event("smoked", exit_code=int(code))
        return code

    def _outputs(self) -> dict[str, Any]:
        return self._stack.outputs()

    def _last_good(self) -> str | None:
        return self._stack.tags().get(LAST_GOOD)

    def _remember(self, revision: str) -> None:
        """What is dirty or in no repository nobody could check out again."""
        if revision and not revision.endswith("-dirty") and revision != "unknown":
            self._stack.capture("stack", "tag", "set", LAST_GOOD, revision)

    def _tell_problems(self, outcome: deploy.Outcome) -> None:
        found = outcome.problems or (deploy.Problem("the engine did not say why"),)
        said = deploy.report.problems(found, self._locate, self._teller.paint)
        self._teller.tell(self._redactor.text(said))
        for each in deploy.report.problem_objects(found, self._locate):
            self._teller.event("problem", **each | {"said": self._redactor.text(each["said"])})

    def _locate(self, problem: deploy.Problem) -> Location | None:
        if not problem.kind:
            return None
        return spec.locate(self._project, self._name, problem.kind, problem.key, problem.path)

    def _tell_way_back(self, now: dict[str, Any], good: str | None) -> None:
        target = "--local" if self._name == STACK else f"--stack {self._name}"
        lines = [f"deployed now: revision {now.get('revision', 'none')}, perhaps in part"]
        if good and good.removesuffix("-dirty") not in {"unknown", now.get("revision")}:
            lines += [
                f"the last good revision: {good}",
                "to put it back:",
                f"  git checkout {good.removesuffix('-dirty')} -- gateways",
                f"  gatewright deploy {target}",
            ]
        else:
            lines.append("no other good revision is known; `gatewright deploy` goes on from here")
        self._teller.tell("\n" + "\n".join(lines))
        self._teller.event("failed", deployed=now, last_good=good)
