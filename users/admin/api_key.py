"""Keys for machines. The secret is shown once, right after making it, and kept nowhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from shared.admin.base import Undeletable
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.saving import ServiceAdmin, Values
from users.access.rank import check_may_rule, ruled_by
from users.models.api_key import ApiKey, Scope
from users.models.user import User
from users.services.create_api_key import create_api_key
from users.services.revoke_api_key import revoke_api_key


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What the key may do, and never more than its owner may."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "owner", "scopes", "expires_at")

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError(gettext("This is in the past: the key could never be used."))
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(Undeletable, ServiceAdmin):
    form = ApiKeyForm
    list_display = ("name", "prefix", "owner", "state", "expires_at", "last_used_at", "created_at")
    list_select_related = ("owner",)
    search_fields = ("prefix",)
    search_help_text = _("The key's beginning, as the list shows it.")
    empty_help = _("A key lets a shop, script or integration use the API without a person's password.")
    readonly_fields = ("prefix", "revoked_at", "last_used_at", "created_at")
    actions_detail = ("revoke",)
    fieldsets = (
        (None, {"fields": ("name", "owner", "scopes", "expires_at")}),
        (_("State"), {"fields": (("prefix", "revoked_at"), ("last_used_at", "created_at"))}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("name", "owner", "scopes", "expires_at"),
                "description": _("The next page shows the key, that once only: have a safe place ready."),
            },
        ),
    )

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(prefix__startswith=term)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is what it was made as; it can only be revoked."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            kwargs["queryset"] = _possible_owners(request)
            kwargs["initial"] = request.user.pk
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description=_("state"), label={"active": "success", "expired": "warning", "revoked": "danger"})
    def state(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at is not None:
            return "revoked", gettext("revoked")
        is_over = key.expires_at is not None and key.expires_at <= timezone.now()
        return ("expired", gettext("expired")) if is_over else ("active", gettext("active"))

    def create_record(self, request: HttpRequest, values: Values) -> ApiKey:
        values["owner"] = User.objects.get(pk=values.pop("owner_id"))
        made, secret = create_api_key(**values)
        request.new_api_secret = secret  # type: ignore[attr-defined]
        return made

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """The one page that shows the secret: not redirected to, so that it is kept nowhere in between."""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Your new API key"),
            "api_key": obj,
            "secret": request.new_api_secret,  # type: ignore[attr-defined]
            "list_url": reverse("admin:users_apikey_changelist"),
            "model_admin": self,
        }
        return TemplateResponse(
            request, "admin/kontor/api_key_secret.html", context, headers={"Cache-Control": "no-store"}
        )

    @action(description=_("Revoke"), icon="block", variant=ActionVariant.DANGER, permissions=["users.change_apikey"])
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.find(request, object_id)
        check_may_rule(request.user, key.owner)
        back = reverse("admin:users_apikey_change", args=[key.pk])
        if key.revoked_at is not None:
            messages.info(request, gettext("%(name)s is revoked already.") % {"name": key.name})

        def apply(values: dict[str, Any]) -> Done:
            revoke_api_key(api_key=key)
            return Done(gettext("%(name)s is revoked: requests with it are refused from now on.") % {"name": key.name})

        page = FormPage(
            title=gettext("Revoke %(name)s?") % {"name": key.name},
            intro=gettext("Whatever signs in with this key stops working at once. This cannot be undone."),
            facts=((gettext("Key"), f"{key.prefix}…"), (gettext("Owner"), key.owner)),
            submit=gettext("Revoke the key"),
            is_dangerous=True,
            form=StyledForm(posted(request)),
            back_url=back,
            apply=apply,
        )
        return answer(self, request, page)


def _possible_owners(request: HttpRequest) -> QuerySet[User]:
    """Colleagues who may do no more than whoever makes the key, because a key may what its owner may."""
    return ruled_by(request.user, User.objects.filter(is_staff=True, is_active=True).order_by("email"))
