"""Rules about the files themselves."""

from gatewright.model import Severity
from gatewright.spec.rules.rule import PADDING, SOUND, Rule, gateway

RULES = (
    Rule(
        "file-unreadable",
        Severity.ERROR,
        "a spec file that cannot be read as a file",
        "Whatever it declares would silently be missing from the deployment, and Pulumi would "
        "delete what it declared before.",
        bad={"gateways/support.yaml/readme.txt": "A folder, not a file.\n"},
        good=gateway(SOUND),
    ),
    Rule(
        "file-too-large",
        Severity.ERROR,
        "a spec file larger than any spec needs to be",
        "A spec takes a few kilobytes. The bound keeps one wrong file from costing all memory.",
        bad=gateway(SOUND + PADDING),
        good=gateway(SOUND),
    ),
    Rule(
        "reserved-name",
        Severity.ERROR,
        "a file whose name is kept for another use",
        "`defaults.yaml` holds what the files beside it share, and `stacks` is a key of each "
        "file: a file of that name would be taken for what it is not.",
        bad={"gateways/stacks.yaml": "id: stacks\nauthentication: true\n"},
        good=gateway(SOUND),
    ),
    Rule(
        "file-name",
        Severity.WARNING,
        "a file named otherwise than what it declares",
        "References are by key, so nothing breaks; but whoever looks for a gateway looks for a "
        "file of its name.",
        bad={"gateways/help.yaml": SOUND},
        good=gateway(SOUND),
        adjustable=True,
    ),
    Rule(
        "unexpected-file",
        Severity.WARNING,
        "a file or folder that is not read",
        "A spec with a wrong extension, or in a folder of its own, declares nothing: nobody "
        "notices until it is missed.",
        bad={"gateways/support.yaml": SOUND, "gateways/drafts.yaml.txt": SOUND},
        good=gateway(SOUND),
        adjustable=True,
    ),
    Rule(
        "nothing-declared",
        Severity.WARNING,
        "a project without any spec",
        "Deploying it deletes what was deployed before. Usually it is the wrong folder, or the "
        "files have another extension.",
        bad={"gateways/README.md": "Our gateways will be here.\n"},
        good=gateway(SOUND),
        adjustable=True,
    ),
    Rule(
        "too-many-findings",
        Severity.ERROR,
        "a file with more findings than anybody reads at once",
        "The first hundred are shown. Usually they have one cause, such as a file of another tool.",
        bad=gateway(SOUND + "".join(f"key{number}: 1\n" for number in range(101))),
        good=gateway(SOUND),
    ),
)
