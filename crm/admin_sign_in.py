"""Signing in to the admin: the same limits on guessing as over the API."""

from typing import Any

from django.core.exceptions import ValidationError
from unfold.forms import AuthenticationForm

from shared.api.client_address import client_address
from shared.throttling import RateLimited
from users.services.sign_in import count_try


class SignInForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        """Count the try before the password is looked at."""
        try:
            count_try(email=str(self.cleaned_data.get("username", "")), address=client_address(self.request))
        except RateLimited as refusal:
            raise ValidationError(refusal.detail, code=refusal.code) from None
        cleaned: dict[str, Any] = super().clean()
        return cleaned
