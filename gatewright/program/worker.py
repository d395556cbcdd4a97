"""A Worker as a component: its script, and its address on workers.dev."""

from collections.abc import Iterator

import pulumi
import pulumi_cloudflare as cloudflare

from gatewright.model import MAIN_MODULE, Worker
from gatewright.program import names
from gatewright.program.settings import Settings


class WorkerScript(pulumi.ComponentResource):
    """One Worker that answers on workers.dev."""

    def __init__(
        self,
        worker: Worker,
        content: str,
        url: str,
        settings: Settings,
        options: pulumi.ResourceOptions,
    ) -> None:
        name = names.of_worker(worker)
        super().__init__(names.WORKER_COMPONENT, name)
        own = pulumi.ResourceOptions(parent=self)
        self.url = url
        self.script = cloudflare.WorkersScript(
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
                    parent=self,
                    import_=settings.import_id(f"workers/{worker.name}", worker.name),
                    # The API fills it in, and the provider would unset it in every plan.
                    ignore_changes=["observability"],
                ),
            ),
        )
        self.subdomain = cloudflare.WorkersScriptSubdomain(
            name,
            account_id=settings.account_id,
            script_name=self.script.script_name,
            enabled=True,
            previews_enabled=False,
            opts=pulumi.ResourceOptions.merge(
                pulumi.ResourceOptions(provider=options.provider), own
            ),
        )
        self.register_outputs({"url": url})


def _bindings(worker: Worker) -> Iterator[cloudflare.WorkersScriptBindingArgs]:
    """By name, as the API gives them back.

    Values go as texts of JSON: of a binding of type `json` the provider sends the text
    itself as the value, and what a script would find is not the same by every way.
    """
    yield cloudflare.WorkersScriptBindingArgs(name="AI", type="ai")
    for name, text in sorted(worker.texts().items()):
        yield cloudflare.WorkersScriptBindingArgs(name=name, type="plain_text", text=text)
