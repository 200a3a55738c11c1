"""Tell colleagues that nothing is sent to an endpoint any more."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.mail.site_address import site_address
from shared.background.enqueue import enqueue
from shared.background.mail import send_mail
from users.models.user import User
from webhooks.endpoints.owners import existing_endpoints
from webhooks.models.endpoint import Endpoint, EndpointState

PERSON_JOB = "webhooks.send_disabled_mail_to"
_MOST = 20


def send_disabled_mail(*, endpoint_id: UUID) -> int:
    """Have a job write to the endpoint's owner, and one to each superuser; how many."""
    endpoint = _disabled(endpoint_id)
    if endpoint is None:
        return 0
    staff = User.objects.filter(is_active=True, is_staff=True)
    # In the order of their own index: there are few of them among many.
    superusers = staff.filter(is_superuser=True).order_by("email").values_list("pk", flat=True)[:_MOST]
    owner = staff.filter(pk=endpoint.owner_id).values_list("pk", flat=True)
    people = list(dict.fromkeys([*owner, *superusers]))
    # A job each: a mail server that refuses one of them must not have the others written to twice.
    for user_id in people:
        enqueue(PERSON_JOB, endpoint_id=str(endpoint_id), user_id=str(user_id))
    return len(people)


def send_disabled_mail_to(*, endpoint_id: UUID, user_id: UUID) -> bool:
    """Write to one of them, in their language; False when there is nothing to say any more.

    Raises MailDelayed (try again) or MailRefused (never).
    """
    endpoint, user = _disabled(endpoint_id), User.objects.filter(pk=user_id, is_active=True).first()
    if endpoint is None or user is None:
        return False
    with override(user.language):
        subject = _("No more events are sent to %(endpoint)s") % {"endpoint": str(endpoint)[:100]}
        body = "\n".join(
            [
                _("Address: %(url)s") % {"url": endpoint.url},
                _("Why: %(reason)s") % {"reason": endpoint.get_disabled_reason_display()},
                _("Once it is enabled again, what waits is sent, and events can be replayed."),
                site_address(reverse("admin:webhooks_endpoint_change", args=[endpoint.pk])),
            ]
        )
    # The same at every try, another when it is disabled anew: a mail program drops only what is a repetition.
    moment = f"{endpoint.updated_at:%Y%m%d%H%M%S}"
    send_mail(to=user.email, subject=subject, body=f"{body}\n", message_id=f"webhook-{endpoint.pk}-{moment}-{user.pk}")
    return True


def _disabled(endpoint_id: UUID) -> Endpoint | None:
    return existing_endpoints().filter(pk=endpoint_id, state=EndpointState.DISABLED).first()
