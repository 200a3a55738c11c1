import structlog
from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.concurrency.throttling import hit_all
from shared.errors import Refusal
from users.models.user import User
from users.security.hashing_turns import turn_to_sign_in
from users.security.places import find_place, note_failure, note_success, refuse_locked
from users.security.second_factor import WrongCode, check_second_factor, has_second_factor

log = structlog.get_logger("kontor.users")


class WrongCredentials(Refusal):
    """No active user has this e-mail address and password; which of them is wrong is not told."""

    code = "wrong_credentials"
    status = 401
    title = _("Wrong e-mail address or password")


class SecondFactorRequired(Refusal):
    """The password is right, and not enough."""

    code = "second_factor_required"
    status = 401
    title = _("A code of the second factor is needed")


def count_try(*, email: str, address: str, is_known_place: bool = False) -> None:
    """Count one try to sign in, wherever it is made. Raises RateLimited above SIGN_INS_PER_MINUTE for one account
    from one address, or above the wider limits on guessing one account from many addresses and many accounts from
    one. Guesses from elsewhere do not use up the tries at a place that the account is known to be used from."""
    account = email.lower()
    limits = {
        f"account {account} address {address}": settings.SIGN_INS_PER_MINUTE,
        f"account {account}": settings.SIGN_INS_PER_MINUTE_AND_ACCOUNT,
        f"address {address}": settings.SIGN_INS_PER_MINUTE_AND_ADDRESS,
    }
    if is_known_place:
        del limits[f"account {account}"]
    hit_all(name="sign-in", limits=limits)


def sign_in(*, email: str, password: str, address: str, code: str = "") -> tuple[User, bool]:
    """The user whose password this is, over the API, and whether a second factor was shown.

    An unknown e-mail address takes as long as a wrong password.

    `code` is that of the second factor, for who has one. Raises RateLimited (count_try,
    turn_to_sign_in, or AccountLocked), else WrongCredentials or SecondFactorRequired.
    """
    account = email.lower()
    place = find_place(email=account, address=address)
    # From the cheapest to the dearest: the password comes last, for looking at one costs half a second of CPU.
    count_try(email=account, address=address, is_known_place=place.is_known)
    refuse_locked(place=place, most_failures=settings.SIGN_IN_FAILURES_TO_LOCK_API)
    with turn_to_sign_in(is_known_place=place.is_known):
        user = authenticate(email=account, password=password)
    if not isinstance(user, User):
        note_failure(place=place)
        log.info("sign_in_refused", account=account, address=address)
        raise WrongCredentials
    by_code = False
    if user.is_staff:
        try:
            by_code = _check_second_factor(user, code)
        except WrongCode:
            note_failure(place=place)
            raise
    note_success(place=place, user=user)
    log.info("signed_in", account=account, address=address)
    return user, by_code


def _check_second_factor(user: User, code: str) -> bool:
    """Whether there is one, and this was its code."""
    if has_second_factor(user=user):
        if not code:
            raise SecondFactorRequired(gettext("Send the code of your authenticator, or a backup code, as `code`."))
        check_second_factor(user=user, code=code)
        return True
    if settings.REQUIRE_SECOND_FACTOR:
        raise SecondFactorRequired(gettext("Set up a second factor in the admin first."))
    return False
