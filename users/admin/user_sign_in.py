"""A colleague's sign-in, for administrators: sessions, locks, second factor."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.admin import StaticDeviceAdmin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDeviceAdmin
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.decorators import action

from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.errors import Refusal
from users.access.rank import check_may_rule
from users.models.user import User
from users.security.places import find_lock, unlock_sign_in
from users.security.second_factor import has_second_factor
from users.security.session_keys import SESSION_ID
from users.security.staff_sessions import end_session, end_sessions, list_sessions, see_session
from users.services.enrol_second_factor import reset_second_factor

# Loaded first, whatever loaded this module, or they would come back later.
_NOT_SHOWN = (TOTPDeviceAdmin, StaticDeviceAdmin)
# django-otp's own pages show everybody's secrets.
admin.site.unregister([TOTPDevice, StaticDevice])


class SignInPages:
    """Mixed into the admin of users."""

    @action(description=gettext_lazy("Sign-in"), icon="passkey", permissions=["users.change_user"], url_path="sign-in")
    def sign_in(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Where they are signed in; a POST ends a session, ends all of them, or unlocks."""
        user = self._find_ruled(request, object_id)
        if request.method == "POST":
            _do_posted(request, user)
            return HttpResponseRedirect(request.path)
        site = cast(ModelAdmin, self).admin_site
        context = {
            **site.each_context(request),
            "title": _("Sign-in of {user}").format(user=user),
            "colleague": user,
            "has_second_factor": has_second_factor(user=user),
            "locked_until": find_lock(user=user),
            "sessions": list_sessions(user=user),
            "end_url": request.path,
            "model_admin": self,
        }
        return TemplateResponse(request, "admin/kontor/user_sign_in.html", context)

    @action(
        description=gettext_lazy("Reset second factor"),
        permissions=["users.change_user"],
        url_path="reset-second-factor",
    )
    def reset_second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self._find_ruled(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            reset_second_factor(user=user)
            end_sessions(user=user)
            return Done(_("{user} signs in with the password alone until a new one is set up.").format(user=user))

        page = FormPage(
            title=_("Reset the second factor of {user}?").format(user=user),
            intro=_("Do this only when you are sure who asks: the password alone opens the account afterwards."),
            submit=_("Reset the second factor"),
            is_dangerous=True,
            form=StyledForm(posted(request)),
            back_url=reverse("admin:users_user_sign_in", args=[user.pk]),
            apply=apply,
        )
        return answer(cast(ModelAdmin, self), request, page)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """A new password ends the sessions begun with the old one; one's own goes on, under a new key."""
        changed: HttpResponse = super().user_change_password(request, id, form_url)  # type: ignore[misc]
        if request.method == "POST" and changed.status_code == 302:
            own = request.session.get(SESSION_ID) if str(request.user.pk) == id else None
            if own is not None:
                see_session(session_id=UUID(own), session_key=str(request.session.session_key))
            end_sessions(user=User.objects.get(pk=id), but=UUID(own) if own else None)
        return changed

    def _find_ruled(self, request: HttpRequest, object_id: str) -> User:
        """Nobody opens the account of somebody who may do more."""
        user: User = self.find(request, object_id)  # type: ignore[attr-defined]
        check_may_rule(request.user, user)
        return user


def _do_posted(request: HttpRequest, user: User) -> None:
    try:
        if request.POST.get("do") == "unlock":
            unlock_sign_in(user=user)
            messages.success(request, _("{user} may try to sign in again.").format(user=user))
        elif request.POST.get("do") == "end_all":
            count = end_sessions(user=user)
            messages.success(request, _("Sessions ended: {count}.").format(count=count))
        else:
            end_session(user=user, session_id=UUID(request.POST.get("session", "")))
            messages.success(request, _("The session is ended."))
    except Refusal as refusal:
        messages.info(request, refusal.detail)
    except ValueError:
        messages.error(request, _("There is no such session."))
