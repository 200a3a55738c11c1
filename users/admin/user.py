"""Who may sign in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.forms import UserChangeForm, UserCreationForm

from shared.admin.base import KontorAdmin, Undeletable
from shared.admin.search import only_beginning
from shared.planner.beginnings import begins_as_written
from users.access.ownership import RecordAccess, record_access_of
from users.access.rank import may_rule, roles_given_by
from users.admin.invitations import InvitationPages
from users.admin.password_words import NewPasswordForm, say_plainly
from users.admin.user_sign_in import SignInPages
from users.models.user import User


class EmailUserCreationForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)

    def clean_email(self) -> str:
        """Kept in lower case, so that `Ann@` and `ann@` are one login."""
        return str(self.cleaned_data["email"]).lower()


class EmailUserChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class UserAdmin(InvitationPages, SignInPages, Undeletable, DjangoUserAdmin, KontorAdmin):  # type: ignore[misc]  # get_form, by its stub
    """Users are switched off, never deleted: orders and ledgers name them."""

    form = EmailUserChangeForm
    add_form = EmailUserCreationForm
    change_password_form = NewPasswordForm
    list_display = ("email", "full_name", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = [
        ("is_staff", BooleanRadioFilter),
        ("is_superuser", BooleanRadioFilter),
        ("is_active", BooleanRadioFilter),
    ]
    ordering = ("email",)
    sortable_by = ("email",)
    search_fields = ("email",)
    search_help_text = _("The beginning of an e-mail address.")
    empty_help = _("Invite a colleague: they get an e-mail and set their own password.")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    autocomplete_fields = ("groups", "team")
    actions_list = ("invite",)
    actions_detail = ("sign_in", "invite_again", "reset_second_factor")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": (("first_name", "last_name"), ("team", "language"), "time_zone")}),
        (
            _("What they may do"),
            {
                "fields": ("is_active", "is_staff", "is_superuser", "groups"),
                "description": _(
                    "Switch Active off instead of deleting: history keeps naming who acted. Roles say what "
                    "a member of staff may do; one without any may do nothing, here and over the API."
                ),
            },
        ),
        (_("Dates"), {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "usable_password", "password1", "password2"),
                "description": _("The next page asks what this person may do."),
            },
        ),
    )

    @display(description=_("name"))
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "-"

    def search(self, queryset: QuerySet, term: str) -> QuerySet:
        # Kept in lower case; the unique index with pattern operators serves it.
        return only_beginning(queryset, begins_as_written("email", term.lower()))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever sets somebody's password may do what they may: nobody sets that of somebody who may do more."""
        return super().has_change_permission(request, obj) and (obj is None or may_rule(request.user, obj))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = roles_given_by(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody takes their own sign-in away; superusers alone make superusers; who changes no roles gives none; who
        reaches a team's records alone puts nobody into another team."""
        locked: tuple[str, ...] = tuple(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            locked += ("is_superuser",)
        if not request.user.has_perm("auth.change_group"):
            locked += ("groups",)
        if record_access_of(request.user) != RecordAccess():
            locked += ("team",)
        if obj is not None and obj.pk == request.user.pk:
            locked += ("is_active", "is_staff", "is_superuser")
        return locked
