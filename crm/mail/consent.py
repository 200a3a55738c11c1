"""Whether a customer agrees to marketing by e-mail."""

from uuid import UUID

from users.models.consent import Consent, ConsentPurpose


def agrees_to_marketing(customer_id: UUID) -> bool:
    """What the customer said last; silence is no."""
    said = Consent.objects.filter(customer=customer_id, purpose=ConsentPurpose.MARKETING_EMAIL)
    newest = said.order_by("-recorded_at", "-id").values_list("is_given", flat=True).first()
    return bool(newest)
