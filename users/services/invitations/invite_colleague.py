"""A colleague gets a login by an e-mail, and sets its password."""

from collections.abc import Sequence

import structlog
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.background.mail import send_mail
from shared.background.mail_faults import MailDelayed, MailRefused, MailServerAway, MailUnclear
from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import check_columns
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from shared.shop_values import shop_values
from users.models.user import User
from users.security.invitations import invited_by_link

log = structlog.get_logger("kontor.users")


class InvitationOver(Refusal):
    code = "invitation_over"
    status = 410
    title = _("This invitation is not good any more")


class AlreadyIn(Refusal):
    code = "already_in"
    title = _("They have set a password already")


class MailNotTaken(Refusal):
    code = "mail_not_taken"
    title = _("The mail server did not take the e-mail")


def invite_colleague(*, email: str, first_name: str = "", last_name: str = "", roles: Sequence[Group] = ()) -> User:
    """Make a login of staff without a password, with these roles. Raises AlreadyExists for an address that has a login,
    InvalidInput. What the caller may give is the caller's to check."""
    email = email.strip().lower()
    check_columns(User, {"email": email, "first_name": first_name, "last_name": last_name})
    taken = {"users_user_email_key": lambda: AlreadyExists("/email", gettext("There is a login with this address."))}
    with named_constraints(taken), transaction.atomic():
        user = User.objects.create_user(email, None, first_name=first_name, last_name=last_name, is_staff=True)
        user.groups.set(roles)
    log.info("colleague_invited", account=email)
    return user


def renew_invitation(*, user: User) -> None:
    """End the links that were sent, so that another one can be. Raises AlreadyIn. Locks: the user."""
    with transaction.atomic():
        row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if row.has_usable_password():
            raise AlreadyIn(gettext("They have set a password already: they sign in with it."))
        # Other random letters in the password's place, which is what the links are signed over.
        row.set_unusable_password()
        row.save(update_fields=["password"])
    user.password = row.password


def send_invitation(*, user: User, link: str) -> None:
    """Write to them, in no transaction. Raises MailNotTaken with the server's words."""
    shop = shop_values().name or "Kontor"
    subject = gettext("You are invited to %(shop)s") % {"shop": shop}
    text = gettext(
        "Hello,\n\nyou get a login at %(shop)s. Set your password here:\n\n%(link)s\n\n"
        "The link is good for three days, and once. Afterwards you sign in with your e-mail address, %(email)s."
    )
    body = text % {"shop": shop, "link": link, "email": user.email}
    try:
        # In the request and not by a job: whoever invites hears at once when the server refuses, and passes the link
        # on.
        send_mail(to=user.email, subject=subject, body=body, message_id=str(new_id()))
    except (MailRefused, MailDelayed, MailServerAway, MailUnclear) as error:
        raise MailNotTaken(gettext("The mail server did not take the e-mail: %(why)s") % {"why": error}) from error


def accept_invitation(*, key: str, token: str, password: str) -> User:
    """Set the password, which ends the link. Raises InvitationOver, InvalidInput for a password that is too easy.
    Locks the login: of two who use the link at once one is too late."""
    with transaction.atomic():
        user = invited_by_link(key, token)
        row = User.objects.select_for_update(no_key=True).filter(pk=user.pk).first() if user else None
        if row is None or invited_by_link(key, token) is None:
            raise InvitationOver(gettext("It was used, withdrawn or is too old. Ask for another one."))
        try:
            validate_password(password, row)
        except ValidationError as error:
            raise InvalidInput(("/password", "invalid", " ".join(error.messages))) from error
        row.set_password(password)
        row.save(update_fields=["password"])
    log.info("invitation_accepted", account=row.email)
    return row
