"""How long the outbox knows to whom it wrote and what."""

from django.utils.translation import gettext_lazy as _

from core import retention
from notices.enums import NoticeState
from notices.models import Notice, RefusedAddress
from notices.services.writing import ERASED, forget_recipients

SETTLED = (NoticeState.SENT, NoticeState.DROPPED, NoticeState.GIVEN_UP, NoticeState.REFUSED)


def register_rules() -> None:
    retention.register(
        retention.Rule(
            code="mails",
            what=_("Mails that were sent or dropped: address and content"),
            happens=_("address and content are erased; kind and day stay"),
            days=3 * 365,
            least=30,
            origin=_("the association's own period: a round and the two after it"),
            due=lambda before: Notice.objects.filter(state__in=SETTLED, created_at__lt=before).exclude(
                address__startswith=ERASED
            ),
            expire=forget_recipients,
        )
    )
    retention.register(
        retention.Rule(
            code="refused_addresses",
            what=_("Addresses that a mail server refused"),
            happens=_("deleted; the next mail tries the address again"),
            days=365,
            origin=_("the association's own period"),
            due=lambda before: RefusedAddress.objects.filter(refused_at__lt=before),
            expire=retention.deleted,
        )
    )
