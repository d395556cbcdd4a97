"""What changes nothing that is deployed is no change, whatever was done to the files."""

import random
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support.project import ROOT

from gatewright import review

#: More than is shipped: all that can be named or reordered.
MORE = """\
routes:
  cheap:
    start: few
    steps:
      few: {rate: {limit: 5, window: 1m, key: user}, success: small, fallback: large}
      small: {provider: workers-ai, model: "@cf/x/small", timeout: 9s, retries: 1, fallback: large}
      large: {provider: workers-ai, model: "@cf/x/large", timeout: 9s, retries: 1}
spend_limits:
  rules:
    - {limit: 9, window: 1d}
    - {id: hour, limit: 2, window: 1h, metadata: {team: [a, b]}}
stacks:
  prod: {rate_limiting: {limit: 900}, zdr: true}
"""
EDITS = ("rename", "reorder", "comment", "flow", "default", "policy", "permissions")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("before")
    shutil.copytree(ROOT / "gateways", project / "gateways")
    support = project / "gateways" / "support.yaml"
    support.write_text(support.read_text() + MORE)
    return project


def read(text: str):
    """As libyaml reads it, which takes a `?` within braces."""
    return yaml.load(text, Loader=yaml.CSafeLoader)  # a safe one


def shuffled(value, chance: random.Random):
    """The same, with the keys of all mappings in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance) for name in names}
    return [shuffled(each, chance) for each in value] if isinstance(value, list) else value


def edited(project: Path, edit: str, chance: random.Random) -> None:
    files = sorted((project / "gateways").rglob("*.y*ml"))
    files = [each for each in files if each.stem != "defaults"]
    path = chance.choice(files)
    text = path.read_text()
    match edit:
        case "rename":
            path.rename(path.with_name(f"renamed-{chance.randrange(10**6)}.yml"))
        case "reorder":
            values = shuffled(read(text), chance)
            path.write_text(yaml.safe_dump(values, sort_keys=False))
        case "flow":
            flow = yaml.safe_dump(read(text), default_flow_style=True, sort_keys=False)
            path.write_text(flow)
        case "comment":
            lines = text.splitlines()
            place = chance.randrange(len(lines) + 1)
            path.write_text("\n".join([*lines[:place], "# why", "", *lines[place:]]) + "\n")
        case "default":
            # What all gateways say alike moves to where they share it.
            share(project)
        case "policy":
            move_policy(project)
        case _:
            token = next(each for each in files if each.parent.name == "tokens")
            values = read(token.read_text())
            chance.shuffle(values["permissions"])
            token.write_text(yaml.safe_dump(values, sort_keys=False))


def share(project: Path) -> None:
    shared = project / "gateways" / "defaults.yaml"
    if shared.exists():
        return
    shared.write_text("retries: {max_attempts: 3, delay: 500ms, backoff: exponential}\n")
    for path in (project / "gateways").glob("*.y*ml"):
        values = read(path.read_text())
        if path == shared:
            continue
        if values.get("retries") == read(shared.read_text())["retries"]:
            del values["retries"]
        else:
            values.setdefault("retries", None)
        path.write_text(yaml.safe_dump(values, sort_keys=False))


def move_policy(project: Path) -> None:
    """From the file it is in, into the gateway that uses it."""
    for path in (project / "gateways" / "cache-policies").glob("*.y*ml"):
        policy = read(path.read_text())
        for gateway in (project / "gateways").glob("*.y*ml"):
            values = read(gateway.read_text())
            if values.get("cache") == policy["name"]:
                inline = {key: value for key, value in policy.items() if key in INLINE}
                gateway.write_text(yaml.safe_dump({**values, "cache": inline}, sort_keys=False))


INLINE = ("ttl", "invalidate_on_update")


@given(st.lists(st.sampled_from(EDITS), min_size=1, max_size=6), st.integers(0, 2**32))
@example([*EDITS], 0)
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_rename_move_order_or_comment_is_a_change(
    before: Path, tmp_path_factory: pytest.TempPathFactory, edits: list[str], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # no secret
    after = tmp_path_factory.mktemp("after")
    shutil.copytree(before / "gateways", after / "gateways")
    for edit in edits:
        edited(after, edit, chance)
    reviewed = review.review(before, after)
    assert reviewed.broken is None
    assert [each.differences for each in reviewed.stacks] == [()] * len(reviewed.stacks)
    assert {stack for each in reviewed.stacks for stack in each.stacks} == {None, "prod"}


def test_and_a_change_is_one(before: Path, tmp_path: Path) -> None:
    shutil.copytree(before / "gateways", tmp_path / "gateways")
    path = tmp_path / "gateways" / "support.yaml"
    path.write_text(path.read_text().replace("{limit: 900}", "{limit: 901}"))
    reviewed = review.review(before, tmp_path)
    assert [each.stacks for each in reviewed.stacks if each.differences] == [("prod",)]
