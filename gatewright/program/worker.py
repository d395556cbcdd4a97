"""Workers: a component for all of them; for each its script, and its address on workers.dev."""

from collections.abc import Iterator, Mapping, Sequence

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import MAIN_MODULE, Worker
from gatewright.program import names
from gatewright.program.settings import Settings


class Workers(pulumi.ComponentResource):
    """The Workers that answer on workers.dev; ``contents`` has their code by their names.

    ``after`` has by their names what must be there before them.
    """

    def __init__(
        self,
        workers: Sequence[Worker],
        contents: Mapping[str, str],
        after: Mapping[str, list[pulumi.Resource]],
        settings: Settings,
        options: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(names.WORKER_COMPONENT, names.WORKERS)
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(parent=self))
        for each in workers:
            _make(each, contents[each.name], after[each.name], settings, options)
        self.register_outputs({})


def _make(
    worker: Worker,
    content: str,
    after: list[pulumi.Resource],
    settings: Settings,
    options: pulumi.ResourceOptions,
) -> None:
    name = names.of_worker(worker)
    script = cloudflare.WorkersScript(
        name,
        account_id=settings.account_id,
        script_name=worker.name,
        main_module=MAIN_MODULE,
        content=content,
        compatibility_date=worker.compatibility_date,
        bindings=list(_bindings(worker)),
        opts=pulumi.ResourceOptions.merge(
            options,
            pulumi.ResourceOptions(
                depends_on=after,
                import_=settings.import_id(f"workers/{worker.name}", worker.name),
                # The API fills it in, and the provider would unset it in every plan.
                ignore_changes=["observability"],
            ),
        ),
    )
    cloudflare.WorkersScriptSubdomain(
        name,
        account_id=settings.account_id,
        script_name=script.script_name,
        enabled=True,
        previews_enabled=False,
        opts=pulumi.ResourceOptions(provider=options.provider, parent=options.parent),
    )


def _bindings(worker: Worker) -> Iterator[cloudflare.WorkersScriptBindingArgs]:
    """By name, as the API gives them back.

    Values go as texts of JSON: of a binding of type `json` the provider sends the text
    itself as the value, and what a script would find is not the same by every way.
    """
    yield cloudflare.WorkersScriptBindingArgs(name="AI", type="ai")
    for name, text in sorted(worker.texts().items()):
        yield cloudflare.WorkersScriptBindingArgs(name=name, type="plain_text", text=text)
