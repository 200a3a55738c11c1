"""Inviting a colleague, and inviting them again."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted, style_fields
from users.access.rank import check_may_rule, roles_given_by
from users.models.api_key import ApiKey
from users.models.user import User
from users.security.invitations import invitation_path
from users.services.invitations.invite_colleague import (
    MailNotTaken,
    invite_colleague,
    renew_invitation,
    send_invitation,
)


class InvitationForm(StyledForm):
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)

    def __init__(self, *args: Any, giver: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if giver.has_perm("auth.change_group"):
            self.fields["role"] = forms.ModelChoiceField(
                roles_given_by(giver), label=_("Role"), help_text=_("What they may do; without one, nothing yet.")
            )
            self.fields["role"].required = False
            style_fields(self.fields)


class InvitationPages:
    """Mixed into the admin of users."""

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        waits = _waits_for_invitation(User.objects.filter(pk=object_id).first())
        return [one for one in offered if waits or one.method.original_function_name != "invite_again"]

    @action(description=gettext_lazy("Invite a colleague"), permissions=["users.add_user"], url_path="invite")
    def invite(self, request: HttpRequest) -> HttpResponse:
        def apply(values: dict[str, Any]) -> Done:
            role = values.get("role")
            user = invite_colleague(
                email=values["email"],
                first_name=values["first_name"],
                last_name=values["last_name"],
                roles=[role] if role else [],
            )
            return Done(_write_to(request, user), reverse("admin:users_user_change", args=[user.pk]))

        page = FormPage(
            title=_("Invite a colleague"),
            intro=_("They get an e-mail with a link, good for three days, by which they set a password."),
            submit=_("Send the invitation"),
            form=InvitationForm(posted(request), giver=request.user),
            back_url=reverse("admin:users_user_changelist"),
            apply=apply,
        )
        return answer(cast(ModelAdmin, self), request, page)

    @action(description=gettext_lazy("Invite again"), permissions=["users.change_user"], url_path="invite-again")
    def invite_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user: User = self.find(request, object_id)  # type: ignore[attr-defined]
        check_may_rule(request.user, user)

        def apply(_values: dict[str, Any]) -> Done:
            renew_invitation(user=user)
            return Done(_write_to(request, user))

        page = FormPage(
            title=_("Invite {user} again?").format(user=user),
            intro=_("The link that they got is not good any more then. To withdraw an invitation, switch Active off."),
            submit=_("Send another link"),
            form=StyledForm(posted(request)),
            back_url=reverse("admin:users_user_change", args=[user.pk]),
            apply=apply,
        )
        return answer(cast(ModelAdmin, self), request, page)


def _waits_for_invitation(user: User | None) -> bool:
    """Whether they are a colleague who has not come in yet; a login that only keys of the API use waits for nothing."""
    if user is None or not (user.is_active and user.is_staff) or user.has_usable_password() or user.last_login:
        return False
    return not ApiKey.objects.filter(owner=user.pk).exists()


def _write_to(request: HttpRequest, user: User) -> str:
    """What to tell. Where no e-mail goes out, the link itself, for the colleague to pass on."""
    path = reverse("invitation", args=invitation_path(user))
    link = f"{settings.SITE_URL.rstrip('/')}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
    try:
        send_invitation(user=user, link=link)
    except MailNotTaken as refusal:
        messages.warning(request, f"{refusal.detail} {_('Give them this link:')} {link}")
        return _("{user} has a login.").format(user=user)
    return _("An invitation is on its way to {user}.").format(user=user)
