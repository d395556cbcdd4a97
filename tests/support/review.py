"""A project in a repository, and what a review of it says."""

import json
import subprocess
from pathlib import Path

from support.project import Done, Project


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a change")


def reviewed(project: Project, *arguments: str) -> Done:
    done = project.gatewright("review", *arguments)
    assert done.err == "", done.err
    return done


def effects(project: Project, *arguments: str) -> dict[str, list[str]]:
    """`risk: what is said` by `kind key operation`, in the only group of stacks."""
    document = json.loads(reviewed(project, *arguments, "--format", "json").out)
    [stack] = document["stacks"]
    return {
        f"{each['kind']} {each['key']} {each['operation']}": [
            f"{effect['risk']}: {effect['said']}" for effect in each["effects"]
        ]
        for each in stack["differences"]
    }
