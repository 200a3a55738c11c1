"""Write an e-mail to a customer; crm.services.mail.send_email sends it after this transaction."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.mail.consent import agrees_to_marketing
from crm.mail.text import MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH, one_line
from crm.models.activity import Activity, ActivityKind
from crm.models.email import Email, EmailTemplate
from crm.services.timeline.add_activity import add_activity
from crm.timeline.limits import MAX_TEXT_LENGTH
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.errors import InvalidInput, NotFound, Refusal
from shared.ids import new_id
from users.models.customer import Customer

SEND_JOB = "crm.send_email"


class NoConsent(Refusal):
    code = "no_consent"
    title = _("The customer has not agreed to marketing by e-mail")


@transaction.atomic
def write_email(
    *,
    customer_id: UUID,
    subject: str,
    body: str,
    actor: Actor,
    template_id: UUID | None = None,
    is_logged: bool = True,
    email_id: UUID | None = None,
) -> Email:
    """Queue an e-mail to the customer's address, with an entry in the timeline unless `is_logged` is off.

    It goes out when the transaction commits, and never when it rolls back. `email_id` is a key that the caller made
    for this e-mail: written already, it is returned as it is, and not sent twice.

    Raises NotFound, NoConsent for a marketing template and a customer who has not agreed, InvalidInput for texts that
    are empty or too long or a customer without an address. Locks: the customer, for e-mails with the same key.
    """
    subject, body = one_line(subject), body.strip()
    _check_texts(subject, body)
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(gettext("There is no such customer."))
    if email_id is not None and (known := Email.objects.filter(pk=email_id, customer=customer).first()) is not None:
        return known
    if customer.erased_at is not None or not customer.email:
        raise InvalidInput(("/customer", "no_address", gettext("This customer has no e-mail address.")))
    template = EmailTemplate.objects.filter(pk=template_id).first() if template_id else None
    if template_id is not None and template is None:
        raise NotFound(gettext("There is no such template."))
    is_marketing = template is not None and template.is_marketing
    if is_marketing and not agrees_to_marketing(customer_id):
        raise NoConsent(gettext("%(customer)s has not agreed to marketing by e-mail.") % {"customer": customer.name})
    email = Email.objects.create(
        pk=email_id or new_id(),
        customer=customer,
        template=template,
        activity=_log_activity(customer_id, subject, body, actor) if is_logged else None,
        author_id=actor.user_id,
        to=customer.email,
        subject=subject,
        body=body,
        is_marketing=is_marketing,
    )
    enqueue(SEND_JOB, email_id=str(email.pk))
    return email


def _log_activity(customer_id: UUID, subject: str, body: str, actor: Actor) -> Activity:
    return add_activity(
        kind=ActivityKind.EMAIL,
        customer_id=customer_id,
        subject=subject,
        text=body[:MAX_TEXT_LENGTH],
        actor=actor,
    )


def _check_texts(subject: str, body: str) -> None:
    faults = []
    if not subject or len(subject) > MAX_SUBJECT_LENGTH or "\0" in subject:
        faults.append(
            (
                "/subject",
                "out_of_range",
                gettext("A subject has 1 to %(limit)s characters.") % {"limit": MAX_SUBJECT_LENGTH},
            )
        )
    if not body or len(body) > MAX_BODY_LENGTH or "\0" in body:
        faults.append(
            (
                "/body",
                "out_of_range",
                gettext("A text has 1 to %(limit)s characters.") % {"limit": f"{MAX_BODY_LENGTH:,}"},
            )
        )
    if faults:
        raise InvalidInput(*faults)
