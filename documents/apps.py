from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from documents import checks, services, tasks

        # Services never import tasks; here the two are tied together once.
        services.register_bell(lambda run_id: tasks.perform_run.apply_async((run_id,), retry=False))
