from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from documents import checks, services  # checks register themselves
        from notices import kinds
        from notices.enums import Kind

        services.register_retention()
        kinds.register(Kind.RUN_READY, still_wanted=services.is_still_news)
        kinds.register_attachment("file", describe=services.described_file, make=services.attached_file)
