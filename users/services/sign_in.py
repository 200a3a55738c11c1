import structlog
from django.conf import settings
from django.contrib.auth import authenticate

from shared.errors import Refusal
from shared.throttling import hit_all
from users.models.user import User

log = structlog.get_logger("kontor.users")


class WrongCredentials(Refusal):
    """No active user has this e-mail address and password; which of them is wrong is not told."""

    code = "wrong_credentials"
    status = 401
    title = "Wrong e-mail address or password"


def count_try(*, email: str, address: str) -> None:
    """Count one try to sign in, wherever it is made. Raises RateLimited above SIGN_INS_PER_MINUTE for one account
    from one address, or above the wider limits on guessing one account from many addresses and many accounts from
    one."""
    account = email.lower()
    hit_all(
        name="sign-in",
        limits={
            f"account {account} address {address}": settings.SIGN_INS_PER_MINUTE,
            f"account {account}": settings.SIGN_INS_PER_MINUTE_AND_ACCOUNT,
            f"address {address}": settings.SIGN_INS_PER_MINUTE_AND_ADDRESS,
        },
    )


def sign_in(*, email: str, password: str, address: str) -> User:
    """The user whose password this is. An unknown e-mail address takes as long as a wrong password.

    Raises RateLimited (count_try), else WrongCredentials.
    """
    account = email.lower()
    count_try(email=account, address=address)
    user = authenticate(email=account, password=password)
    if not isinstance(user, User):
        log.info("sign_in_refused", account=account, address=address)
        raise WrongCredentials
    log.info("signed_in", account=account, address=address)
    return user
