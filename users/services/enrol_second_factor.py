"""Setting up, renewing and taking away a second factor."""

import secrets

import structlog
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from shared.errors import Refusal
from users.models.user import User
from users.security.second_factor import WrongCode, check_second_factor, fingerprint
from users.security.staff_sessions import end_tokens

log = structlog.get_logger("kontor.users")

BACKUP_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
# Of 31 letters: 49 bits, out of reach at the rate at which codes may be tried.
_CODE_LENGTH = 10


class AlreadyEnrolled(Refusal):
    code = "already_enrolled"
    title = _("There is a second factor already")


def begin_enrolment(*, user: User) -> TOTPDevice:
    """The device that waits for its first code; the same one until that came. Raises AlreadyEnrolled. Locks: the
    user."""
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        raise AlreadyEnrolled(gettext("You have a second factor already. Remove it before you set up another."))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # of two tabs, both show the same secret
        device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator"})
    return device


def confirm_enrolment(*, user: User, code: str) -> list[str]:
    """Switch the second factor on with its first code; the backup codes, shown this once. Raises WrongCode.

    Ends all tokens of the API: a password alone has got them. Locks: the device that waits, the user.
    """
    code = "".join(code.split())
    backup: list[str] = []
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        is_right = bool(device and device.verify_token(code))
        if device is not None and is_right:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            backup = _new_backup_codes(user)
            end_tokens(user=user)
    # Behind the transaction: the device counts failures, and a rollback would undo the count.
    if not is_right:
        raise WrongCode(gettext("This is not the code that the authenticator shows now. Is the phone's clock right?"))
    log.warning("second_factor_enrolled", account=user.email)
    return backup


def renew_backup_codes(*, user: User, code: str) -> list[str]:
    """New backup codes; the old ones are void. Raises WrongCode. Locks: the user."""
    check_second_factor(user=user, code=code)
    with transaction.atomic():
        return _new_backup_codes(user)


def remove_second_factor(*, user: User, code: str) -> None:
    """By the user, with a last code. Raises WrongCode."""
    check_second_factor(user=user, code=code)
    reset_second_factor(user=user)


def reset_second_factor(*, user: User) -> bool:
    """Take the second factor away, for somebody who lost it; whether there was one."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        gone, _ = TOTPDevice.objects.filter(user=user).delete()
    log.warning("second_factor_removed", account=user.email)
    return bool(gone)


def _new_backup_codes(user: User) -> list[str]:
    # Two at once would each leave a set of codes, of which one alone is asked.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="backup codes")
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=fingerprint(user, code)) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]
