from crm.mail.default_texts import TEXTS
from crm.models.order_mail import OrderMailProgress, OrderMailTemplate

MINUTES_BEFORE = {"payment_reminder": 5}


def ensure_order_mail_texts(*, using: str = "default") -> None:
    """Every kind of order e-mail has its words and its progress; what staff wrote stays. Takes no lock."""
    progress = OrderMailProgress.objects.using(using)
    if len(TEXTS) == progress.filter(kind__in=TEXTS).count():
        return
    templates = OrderMailTemplate.objects.using(using)
    templates.bulk_create(
        [
            OrderMailTemplate(kind=kind, minutes_before=MINUTES_BEFORE.get(kind), **words._asdict())
            for kind, words in TEXTS.items()
        ],
        ignore_conflicts=True,
    )
    progress.bulk_create([OrderMailProgress(kind=kind) for kind in TEXTS], ignore_conflicts=True)
