"""Where the link of an invitation leads: a password is set, and then signed in with."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.widgets import UnfoldAdminPasswordWidget

from shared.admin.forms import StyledForm, posted
from shared.concurrency.throttling import RateLimited
from shared.errors import Refusal
from shared.http.client_address import client_address
from users.security.hashing_turns import turn_to_change_password
from users.security.invitations import invited_by_link
from users.services.invitations.invite_colleague import accept_invitation


class FirstPasswordForm(StyledForm):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least eight characters that nobody guesses."),
    )
    again = forms.CharField(
        label=gettext_lazy("Once more"),
        strip=False,
        max_length=200,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


@never_cache
@csrf_protect
def invitation_page(request: HttpRequest, key: str, token: str) -> HttpResponse:
    user = invited_by_link(key, token)
    if user is None:
        return _shown(request, None, "", 410)
    form = FirstPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with turn_to_change_password(account=client_address(request)):
                accept_invitation(key=key, token=token, password=form.cleaned_data["password"])
        except (RateLimited, Refusal) as refusal:
            form.add_error("password", refusal.detail)
            return _shown(request, form, user.email, refusal.status)
        messages.success(request, _("Your password is set: sign in with it."))
        return HttpResponseRedirect(reverse("admin:login"))
    return _shown(request, form, user.email, 200)


def _shown(request: HttpRequest, form: FirstPasswordForm | None, account: str, status: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Your invitation"), "form": form, "account": account}
    # The address is the secret: it leaves for nobody else's pages (Referrer-Policy: same-origin). Without any referrer
    # browsers would send no origin either, and the form not be taken.
    return TemplateResponse(request, "admin/kontor/invitation.html", context, status=status)
