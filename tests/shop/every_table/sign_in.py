"""What signing in leaves behind: a session, a token that was given back, a second factor with its codes."""

from django.contrib.sessions.models import Session
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework_simplejwt.tokens import RefreshToken

from events.services.stream_tickets import issue_ticket
from shared.clock import database_now
from shared.ids import new_id
from users.models.refresh_family import RefreshFamily
from users.models.user import User


def fill_sign_in(user: User) -> None:
    RefreshFamily.objects.create(user=user, good_token=new_id(), expires_at=database_now())
    issue_ticket(user_id=user.pk)
    Session.objects.create(session_key="1" * 32, session_data="", expire_date=database_now())
    RefreshToken.for_user(user).blacklist()
    TOTPDevice.objects.create(user=user, name="Phone")
    StaticDevice.objects.create(user=user, name="Codes").token_set.create(token="12345678")
