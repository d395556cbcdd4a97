"""A runner for workflows: the shell steps for real, the published actions by what they do here.

Knows what our workflows use, and fails on anything else.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from support.wheel import OFFLINE

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_SECONDS = 300
#: `python -m venv` as everywhere, but pip and what gatewright depends on are lent to it: no
#: test may ask an index.
_PYTHON = """\
#!/bin/sh
if [ "$1 $2" != "-m venv" ]; then exec {python} "$@"; fi
{python} -m venv --without-pip "$3" || exit
for site in "$3"/lib/python3*/site-packages; do echo {lent} > "$site/lent.pth"; done
"""


class Context(dict):
    """`github.event.before`: what is not there is null, at any depth."""

    def __getattr__(self, name):
        value = self.get(name, {})
        return Context(value) if isinstance(value, dict) else value


class StepFailedError(AssertionError):
    """A step failed; what it said is the message."""


class Runner:
    """One repository's runs. ``environment`` is what a self-hosted runner has anyway."""

    def __init__(self, folder, origin, wheel, dependencies):
        self.folder = folder
        self.origin = origin
        self.environment = {}
        self.artifacts = folder / "artifacts"
        self.uploaded = []
        self.own = folder / "runner"
        self.own.mkdir(parents=True)
        (self.own / "python").write_text(_PYTHON.format(python=sys.executable, lent=dependencies))
        (self.own / "python").chmod(0o755)
        self.index = {**OFFLINE, "PIP_FIND_LINKS": str(wheel.parent)}

    def job(self, workflow, name, *, ref, **contexts):
        """Run a job of a workflow; its outputs, the summary and what each step said."""
        return Job(self, workflow, name, ref, contexts).run()


class Job:
    """One job, from an empty workspace on."""

    def __init__(self, runner, workflow, name, ref, contexts):
        self.runner = runner
        self.workflow = workflow
        self.name = name
        self.ref = ref
        self.place = runner.folder / f"{len(list(runner.folder.iterdir()))}-{name}"
        self.workspace = self.place / "workspace"
        self.temp = self.place / "temp"
        self.temp.mkdir(parents=True)
        self.path = []
        self.summary = ""
        self.said = {}
        self.failed = None
        self.steps = Context()
        self.job = {}
        self.contexts = {"runner": {"temp": str(self.temp)}} | contexts
        self.outputs = {}

    def action(self, folder, **inputs):
        """Run an action that lies elsewhere; its outputs."""
        definition = yaml.safe_load((folder / "action.yml").read_text())
        given = {name: each.get("default", "") for name, each in definition["inputs"].items()}
        self.contexts["inputs"] = given | inputs
        self.runner.environment["GITHUB_ACTION_PATH"] = str(folder)
        for step in definition["runs"]["steps"]:
            self.step(step)
        outputs = definition["outputs"].items()
        return {name: self.text(each["value"]) for name, each in outputs}

    def run(self):
        # The workflow is read from the revision that it runs for.
        shown = git(self.runner.origin, "show", f"{self.ref}:.github/workflows/{self.workflow}.yml")
        self.job = yaml.safe_load(shown)["jobs"][self.name]
        assert self.value(self.job.get("if", "${{ true }}")), "the job is skipped"
        for step in self.job["steps"]:
            # Without a function that asks for the state, a step needs all before it.
            condition = step.get("if", "success()")
            if not self.value(
                "${{" + condition.strip().removeprefix("${{").removesuffix("}}") + "}}"
            ):
                continue
            try:
                self.step(step)
            except StepFailedError as failed:
                self.failed = self.failed or failed
        self.outputs = {name: self.text(each) for name, each in self.job.get("outputs", {}).items()}
        return self

    def passed(self):
        assert self.failed is None, self.failed
        return self

    def step(self, step):
        if "run" in step:
            self.shell(step, self.job.get("env", {}) | step.get("env", {}))
            return
        action, _, version = step["uses"].partition("@")
        if action.startswith("./"):
            definition = yaml.safe_load((self.workspace / action / "action.yml").read_text())
            given = {name: each["default"] for name, each in definition["inputs"].items()}
            asked = {name: self.text(value) for name, value in step.get("with", {}).items()}
            self.contexts["inputs"] = given | asked
            for inner in definition["runs"]["steps"]:
                self.step(inner)
            return
        assert re.fullmatch("[0-9a-f]{40}", version)
        self.published(
            action, {name: self.text(value) for name, value in step.get("with", {}).items()}
        )

    def published(self, action, given):
        """What a published action does, as far as our workflows go."""
        match action:
            case "actions/checkout":
                depth = () if given.get("fetch-depth") == "0" else ("--depth", "1")
                assert given["persist-credentials"] == "False"
                git(
                    self.place,
                    "clone",
                    "-q",
                    *depth,
                    f"file://{self.runner.origin}",
                    "workspace",
                    "--branch",
                    self.ref,
                )
            case "actions/setup-python":
                self.path.insert(0, str(self.runner.own))
            case "actions/upload-artifact":
                path = Path(given["path"])
                if path.exists() or given.get("if-no-files-found") != "ignore":
                    kept = self.runner.artifacts / given["name"]
                    kept.mkdir(parents=True)
                    shutil.copy(path, kept)
            case "actions/download-artifact":
                for kept in self.runner.artifacts.glob(given.get("pattern", given.get("name"))):
                    shutil.copytree(kept, given["path"], dirs_exist_ok=True)
            case "github/codeql-action/upload-sarif":
                self.runner.uploaded.append(json.loads(Path(given["sarif_file"]).read_text()))
            case _:
                raise AssertionError(f"no such action here: {action}")

    def shell(self, step, env):
        files = {
            name: self.temp / name.lower()
            for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        }
        for file in files.values():
            file.write_text("")
        defaults = self.job.get("defaults", {}).get("run", {})
        folder = step.get("working-directory", defaults.get("working-directory", "."))
        assert step.get("shell", defaults.get("shell")) == "bash"
        environment = {
            "HOME": str(self.place),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "RUNNER_TEMP": str(self.temp),
            **self.runner.index,
            **self.runner.environment,
            **{name: str(file) for name, file in files.items()},
            **{name: self.text(value) for name, value in env.items()},
        }
        base = self.runner.environment.get("PATH", "/usr/bin:/bin")
        environment["PATH"] = os.pathsep.join([*self.path, base])
        done = subprocess.run(
            # As GitHub starts `shell: bash`.
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace / self.text(folder) if self.workspace.exists() else self.temp,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        self.said[step["name"]] = done.stdout
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        self.path[:0] = files["GITHUB_PATH"].read_text().split()
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        self.steps[step.get("id", step["name"])] = {"outputs": outputs}
        if done.returncode:
            raise StepFailedError(
                f"{self.name}, step {step['name']}: {done.returncode}\n{done.stdout}"
            )

    def text(self, template):
        return _EXPRESSION.sub(lambda found: self._shown(found[1]), str(template))

    def value(self, template):
        (expression,) = _EXPRESSION.findall(template)
        return self._evaluated(expression)

    def _shown(self, expression):
        value = self._evaluated(expression)
        return "" if value in ({}, None) else str(value)

    def _evaluated(self, expression):
        """GitHub's expressions are near enough to Python's for those that we have."""
        python = expression.replace("!cancelled()", "True").replace("&&", " and ")
        python = python.replace("||", " or ").replace("needs.*.result", "needs.results")
        python = re.sub(r"\.([a-z]+(?:-[a-z]+)+)", r'["\1"]', python)
        names = {
            "null": {},
            "true": True,
            "always": lambda: True,
            "success": lambda: self.failed is None,
            "fromJSON": lambda text: _included(json.loads(text)),
            "join": lambda values, between: between.join(values),
            "steps": self.steps,
        }
        contexts = {name: Context(value) for name, value in self.contexts.items()}
        return eval(" ".join(python.split()), names | contexts)  # noqa: S307  # our own workflows


def _included(value):
    """`.include[0]` of an empty list is null."""
    return Context({**value, "include": _Rows(value["include"])})


class _Rows(list):
    def __getitem__(self, index):
        return super().__getitem__(index) if index < len(self) else {}


def git(folder, *arguments):
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    done = subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
