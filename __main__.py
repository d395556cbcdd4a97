"""What `pulumi up` runs: the specs in gateways/, or their findings and nothing else."""

from pathlib import Path

import pulumi

from gatewright import spec

loaded = spec.load(Path(__file__).parent, stack=pulumi.get_stack())
if loaded.deployment is None:
    raise pulumi.RunError(spec.report.text(loaded))
if loaded.findings:
    pulumi.log.warn(spec.report.text(loaded))

from gatewright import program  # noqa: E402  # importing pulumi-cloudflare takes seconds

program.deploy(loaded.deployment)
