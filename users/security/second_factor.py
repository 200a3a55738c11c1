"""Codes of an authenticator app, and the backup codes for when it is lost."""

import base64
import hashlib
import hmac

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from shared.errors import Refusal
from users.models.user import User

log = structlog.get_logger("kontor.users")
_DIGITS = 6


class WrongCode(Refusal):
    """The code is wrong, too old, or was used before."""

    code = "wrong_credentials"
    status = 401
    title = _("Wrong or used code")


def has_second_factor(*, user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def check_second_factor(*, user: User, code: str) -> None:
    """Use up one code: each is good once. Raises WrongCode. Locks the user's device."""
    code = "".join(code.split()).replace("-", "").lower()
    is_totp = len(code) == _DIGITS and code.isascii() and code.isdigit()
    with transaction.atomic():
        if is_totp:
            totp = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
            is_right = bool(totp and totp.verify_token(code))
        else:
            backup = StaticDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
            is_right = bool(backup and backup.verify_token(fingerprint(user, code)))
    # Behind the transaction: the device counts failures and slows down, and a rollback would undo the count.
    if not is_right:
        log.info("second_factor_refused", account=user.email)
        raise WrongCode(gettext("The code is wrong, too old, or was used before. Wait for the next one."))
    if not is_totp:
        log.warning("backup_code_used", account=user.email)


def fingerprint(user: User, code: str) -> str:
    """What is kept of a backup code: 96 bits that say nothing without SECRET_KEY."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"backup code {user.pk} {code}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:12]).decode("ascii")
