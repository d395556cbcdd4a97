"""What happens on the stage of a rehearsal: deploy, deploy over it, verify, smoke, tear down."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gatewright import deploy, readback, smoke, spec
from gatewright.account import Account
from gatewright.cli import console, live
from gatewright.cli.phases import Phases
from gatewright.cli.smoking import account_access, run_checks
from gatewright.deploy import Change, Operation, Outcome, Problem
from gatewright.errors import CouldNotRunError
from gatewright.local.caller import caller
from gatewright.local.stage import Stage
from gatewright.model import Deployment, Location
from gatewright.redaction import Redactor
from gatewright.rehearsal import Copy, MadeUp, Result
from gatewright.smoke.targets import PERMISSIONS
from gatewright.stack import Stack

#: On this machine a deployment is there at once.
_SETTLE_SECONDS = 10


class Staged:
    """One rehearsal on its ``stage``; ``redactor`` masks all its secrets, made-up ones too."""

    def __init__(self, stage: Stage, name: str, made_up: MadeUp, phases: Phases) -> None:
        self._stage = stage
        self._name = name
        self._made_up = made_up
        self._phases = phases
        self._account = Account.from_environment(stage.environment)
        self._secrets = [*made_up.values, stage.environment["CLOUDFLARE_API_TOKEN"]]
        self._released: dict[tuple[str, str], None] = {}

    @property
    def redactor(self) -> Redactor:
        """For whatever is said of it."""
        return Redactor(self._secrets)

    def run(self, before: Copy | None, after: Copy, deployment: Deployment) -> Result:
        """All of it; ``deployment`` is what ``after`` declares."""
        copies = [before, after] if before else [after]
        with self._phases.phase("new stack"):
            self._made_up.configure(self._stack(copies[0]), copies)
        base = self._deploy_base(before) if before else None
        with self._phases.phase(f"deploy {after.said}"):
            outcome = deploy.up(self._stack(after), self._tell)
            self._gone(outcome)
            outputs = {} if outcome.code else self._stack(after).outputs()
            self._secrets += _values(outputs)
        problems = _problems(outcome, after)
        located = {each: self._locate(after, each) for each in problems}
        verified, smoked = None, None
        if problems:
            console.say(self.redactor.text(deploy.report.problems(problems, located.get)))
        else:
            verified = self._verify(deployment, after, outputs)
            smoked = self._smoke(deployment, outputs)
        torn = self._tear_down(after)
        left = [] if torn else self._left()
        return Result(
            after=after.said,
            before=before.said if before and base is not None else None,
            stack=self._name,
            engine=f"pulumi {self._stage.engine.version}, {self._stage.engine.origin}",
            provider=self._stage.provider.description,
            base=base,
            plan=outcome.plan,
            problems=problems,
            places=located,
            verified=verified,
            smoked=smoked,
            left=None if torn else tuple(map(_said, (x for x in left if x not in self._released))),
            kept=tuple(map(_said, (x for x in left if x in self._released))),
            teardown_problems=torn,
        )

    def _stack(self, copy: Copy) -> Stack:
        stage = self._stage
        return Stack(stage.engine.executable, stage.environment, copy.project, self._name)

    def _deploy_base(self, before: Copy) -> int | None:
        """How many objects it has; None, with a note, if it cannot be deployed."""
        with self._phases.phase(f"deploy {before.said}"):
            outcome = deploy.up(self._stack(before), self._tell)
        problems = _problems(outcome, before)
        if not problems:
            return len(outcome.plan.objects)
        # Of a traceback the last line says what happened.
        said = "; ".join(problem.said.splitlines()[-1] for problem in problems)
        self._phases.note(
            self.redactor.text(
                f"{before.said} cannot be deployed, so only the later one is rehearsed: {said}"
            )
        )
        if self._tear_down(before):
            raise CouldNotRunError(f"{before.said} can neither be deployed nor removed again")
        return None

    def _tell(self, change: Change) -> None:
        console.say(deploy.report.change(change, console.paint_for(sys.stderr)))

    def _locate(self, copy: Copy, problem: Problem) -> Location | None:
        if not problem.kind:
            return None
        return spec.locate(copy.project, self._name, problem.kind, problem.key, problem.path)

    def _verify(
        self, deployment: Deployment, copy: Copy, outputs: dict[str, Any]
    ) -> readback.Result:
        with self._phases.phase("verify"):
            known = {name: str(each["id"]) for name, each in outputs.get("tokens", {}).items()}
            result = live.read(self._account, deployment, copy.project, known=known)
            console.say(self.redactor.text(readback.report.text(result).rpartition("\n")[2]))
        return result

    def _smoke(self, deployment: Deployment, outputs: dict[str, Any]) -> smoke.Result:
        environment = self._stage.environment
        with self._phases.phase("smoke"), caller(environment, PERMISSIONS) as spare:
            checks = smoke.compile_checks(deployment, smoke.Scope(is_local=True))
            if self._stage.workers.missing:
                checks = tuple(each for each in checks if not each.worker)
            is_able = any(frozenset(each.permissions) >= PERMISSIONS for each in deployment.tokens)
            targets = smoke.Targets.from_outputs(
                outputs,
                deployment,
                # Who declares none has one elsewhere.
                token=None if is_able else spare.reveal(),
                stack=self._name,
                account=account_access(environment),
            )
            self._secrets.append(spare.reveal())
            result = run_checks(checks, targets, smoke.Options(deadline=_SETTLE_SECONDS))
            paint, width = console.paint_for(sys.stderr), console.width()
            console.say(self.redactor.text(smoke.report.table(result, paint, width)))
        if result.is_interrupted:
            raise KeyboardInterrupt
        return result

    def _tear_down(self, copy: Copy) -> tuple[Problem, ...]:
        """What stands in the way of removing all; protection, meant for others, does not."""
        with self._phases.phase("tear down"):
            stack = self._stack(copy)
            outcome = deploy.destroy(stack, _hear_nothing)
            removed = [*self._gone(outcome)]
            if any(each.is_protected for each in outcome.problems):
                stack.capture("state", "unprotect", "--all", "--yes")
                outcome = deploy.destroy(stack, _hear_nothing)
                removed += self._gone(outcome)
            console.say(f"{len(removed)} objects removed")
        return _problems(outcome, copy)

    def _gone(self, outcome: Outcome) -> list[Change]:
        """What was deleted; what was released instead is remembered."""
        released = [each for each in outcome.done if each.operation is Operation.RELEASE]
        self._released |= {(each.kind, each.key): None for each in released}
        return [each for each in outcome.done if each.operation is Operation.DELETE]

    def _left(self) -> list[tuple[str, str]]:
        """What the account still has, but for the token that deploys."""
        account = self._account
        own = account.own_token_id()
        tokens = [*account.tokens(), *account.user_tokens()]
        return [
            *(("gateway", row["id"]) for row in account.gateways()),
            *(("token", row["name"]) for row in tokens if row["id"] != own),
            *(("custom provider", row["slug"]) for row in account.custom_providers()),
            *(("worker", row["id"]) for row in account.workers()),
        ]


def _problems(outcome: Outcome, copy: Copy) -> tuple[Problem, ...]:
    """With the project's files by their own names: the copy is gone when somebody reads it."""
    if not outcome.code:
        return ()
    found = outcome.problems or (Problem("the engine did not say why"),)
    folder = f"{copy.project}/"
    return tuple(replace(each, said=each.said.replace(folder, "")) for each in found)


def _values(outputs: dict[str, Any]) -> Iterator[str]:
    for token in (outputs.get("tokens") or {}).values():
        if isinstance(token, dict) and isinstance(token.get("value"), str):
            yield token["value"]


def _said(each: tuple[str, str]) -> str:
    return " ".join(each)


def _hear_nothing(_: Change) -> None:
    """The counts are enough."""
