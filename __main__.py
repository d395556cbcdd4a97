"""What `pulumi up` runs: the specs in gateways/, or their findings and nothing else."""

from pathlib import Path

import pulumi

from gatewright import program, spec

with program.sentences():
    loaded = spec.load(Path(__file__).parent, stack=pulumi.get_stack())
if loaded.deployment is None:
    raise pulumi.RunError(spec.report.text(loaded))
if loaded.findings:
    pulumi.log.warn(spec.report.text(loaded))
program.deploy(loaded.deployment)
