"""`protect` and `retain`: what a deployment may not delete, and what it leaves behind."""

import pytest
from support.cloudflare import running_cloudflare
from support.project import Project

pytestmark = pytest.mark.e2e

ROUTE = """
routes:
  fast:
    start: only
    steps:
      only:
        model: "@cf/meta/llama-3.1-8b-instruct"
        provider: workers-ai
        timeout: 30s
        retries: 1
"""
UP = ("local", "up", "--yes", "--skip-preview")


def test_what_is_protected_stays_and_what_is_retained_is_let_go(project: Project) -> None:
    drafts, reviews = (project.path / f"gateways/{name}.yaml" for name in ("drafts", "reviews"))
    protected = drafts.read_text() + ROUTE + "protect: true\n"
    drafts.write_text(protected)
    retained = reviews.read_text() + "retain: true\n"
    reviews.write_text(retained)
    up = project.gatewright(*UP)
    assert up.code == 0, up.text

    drafts.unlink()
    removed = project.gatewright(*UP)
    assert removed.code != 0
    assert "because it is protected" in removed.text
    assert "remove the `protect` flag" in removed.text
    refused = project.gatewright("deploy", "--local", "--yes", "--max-destroyed", "9")
    assert refused.code == 5, refused.text
    assert "error route drafts/fast: its gateway `drafts` is protected" in refused.err
    assert "hint: if that is meant: put its spec back with `protect: false`" in refused.err
    drafts.write_text(protected.replace("id: drafts", "id: other"))
    renamed = project.gatewright("deploy", "--local", "--yes", "--max-destroyed", "9")
    assert renamed.code == 5, renamed.text
    assert "its gateway `drafts` is protected" in renamed.err
    with running_cloudflare(project.path) as cloudflare:
        assert {row["id"] for row in cloudflare.gateways()} == {"drafts", "reviews", "support"}
        [route] = cloudflare.call("GET", "ai-gateway/gateways/drafts/routes")["data"]["routes"]
        assert route["name"] == "fast", "what is below it is kept too"

    drafts.write_text(protected.replace("protect: true", "protect: false"))
    released = project.gatewright("deploy", "--local", "--no-smoke")
    assert released.code == 0, released.text
    drafts.write_text(protected.replace("protect: true", "").replace("id: drafts", "id: other"))
    reviews.unlink()
    done = project.gatewright("deploy", "--local", "--yes", "--max-destroyed", "2", "--no-smoke")
    assert done.code == 0, done.text
    assert "- delete  gateway drafts (its URL ends, and its logs go)" in done.err
    assert "if `drafts` is `other` under another id: the id is part of the URL" in done.err
    left = "- release gateway reviews (it stays in the account, and no stack manages it)"
    assert left in done.err
    with running_cloudflare(project.path) as cloudflare:
        assert {row["id"] for row in cloudflare.gateways()} == {"other", "reviews", "support"}

    reviews.write_text(retained)
    again = project.gatewright("deploy", "--local", "--preview")
    assert again.code == 8, again.text
    assert "made by hand, kept by `retain`, or made by an `up` that was cut off" in again.err
    assert "`GATEWRIGHT_ADOPT=reviews`" in again.err
