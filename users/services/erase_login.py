"""Forget a customer, and the login that acted for it."""

from django.contrib.auth.hashers import make_password
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from shared.privacy.erasure import ERASED_NAME, Person
from users.models.api_key import ApiKey
from users.models.consent import Consent
from users.models.customer import Customer
from users.models.refresh_family import RefreshFamily
from users.models.sign_in import KnownPlace, SignInFailures
from users.models.staff_session import StaffSession
from users.models.user import User


def erase_login(person: Person) -> None:
    """Nobody signs in with it again. A colleague's login stays: it is the staff's, not the customer's."""
    for email in person.emails:
        SignInFailures.objects.filter(account=email).delete()
    user = User.objects.filter(pk=person.user_id, is_staff=False).first() if person.user_id else None
    if user is None:
        return
    SignInFailures.objects.filter(user=user).delete()
    KnownPlace.objects.filter(user=user).delete()
    RefreshFamily.objects.filter(user=user).delete()
    OutstandingToken.objects.filter(user=user).delete()
    StaffSession.objects.filter(user=user).delete()
    for device in (TOTPDevice, StaticDevice):
        device.objects.filter(user=user).delete()
    keys = ApiKey.objects.filter(owner=user)
    keys.filter(revoked_at=None).update(revoked_at=person.now)
    keys.update(name=ERASED_NAME)
    person.records.update(str(key) for key in keys.values_list("pk", flat=True))
    # The row stays without its person: orders, events and payments name the login that acted.
    user.email = person.email_in_place
    user.first_name = user.last_name = user.time_zone = ""
    user.list_layouts = {}
    user.is_active = False
    user.calendar_token_hash = None
    user.password = make_password(None)
    columns = ["email", "first_name", "last_name", "time_zone", "list_layouts", "is_active", "calendar_token_hash"]
    user.save(update_fields=[*columns, "password"])
    person.records.add(str(user.pk))


# Of a customer's row: everything else gets its default again, so that a new column is forgotten with the person.
_STAYS = frozenset({"id", "owner", "created_at", "updated_at", "deleted_at", "phone_e164"})


def erase_customer_row(person: Person) -> None:
    """The row stays, for orders name it; everything that tells who it was goes."""
    Consent.objects.filter(customer_id=person.customer_id).delete()
    customer = Customer.everyone.get(pk=person.customer_id)
    customer.tags.clear()
    for field in Customer._meta.concrete_fields:
        if field.name not in _STAYS:
            setattr(customer, field.attname, field.get_default())
    customer.name, customer.email, customer.erased_at = ERASED_NAME, person.email_in_place, person.now
    customer.save()
