"""What the pages of users say of passwords: for those who run a shop, not for those who wrote Kontor."""

from typing import Any

from django import forms
from django.contrib.auth.hashers import is_password_usable
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UnfoldReadOnlyPasswordHashWidget

_CHOICES = (("true", _("With a password")), ("false", _("Not at all: over API keys alone")))


class PasswordState(UnfoldReadOnlyPasswordHashWidget):
    """Whether there is a password, and nothing of how it is kept."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        is_set = bool(value) and is_password_usable(value)
        context["summary"] = [{"label": gettext("Is set") if is_set else gettext("None: cannot sign in")}]
        return context


def say_plainly(form: forms.BaseForm) -> None:
    """Give the fields of a password the words of this shop."""
    if "password" in form.fields:
        form.fields["password"].widget = PasswordState()
        text = gettext("Nobody can read it, only set a new one")
        form.fields["password"].help_text = format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="../password/">{}</a>', text
        )
    choice: Any = form.fields.get("usable_password")
    if choice is not None:
        choice.label, choice.help_text = _("Signs in"), ""
        choice.choices = choice.widget.choices = _CHOICES


class NewPasswordForm(AdminPasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)
