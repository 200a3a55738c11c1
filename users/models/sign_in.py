"""What is remembered of tries to sign in."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel


class SignInFailures(BaseModel):
    """Failures in a row of one account from one known place, or from all unknown ones together (`place` empty)."""

    account = models.CharField(
        max_length=254, editable=False, help_text="The e-mail address, whether it exists or not."
    )
    place = models.CharField(max_length=100, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", editable=False
    )
    failures = models.PositiveIntegerField(default=0, editable=False)
    first_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    last_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    locked_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "users_sign_in_failures"
        verbose_name = _("sign-in failures")
        verbose_name_plural = _("sign-in failures")
        constraints = [
            models.UniqueConstraint(fields=["account", "place"], name="failures_of_an_account_at_a_place"),
        ]
        indexes = [models.Index(fields=["last_at"], name="sign_in_failures_last")]  # serves: the daily purge

    def __str__(self) -> str:
        return f"{self.account}: {self.failures}"


class KnownPlace(BaseModel):
    """A browser or an address from which a user has signed in: others' failures elsewhere do not lock it out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100, editable=False, help_text="`address …`, or `browser …` and a hash.")
    last_used_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        db_table = "users_known_place"
        verbose_name = _("known place")
        verbose_name_plural = _("known places")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="known_place_of_a_user")]
        indexes = [models.Index(fields=["last_used_at"], name="known_place_last_used")]  # serves: the daily purge

    def __str__(self) -> str:
        return f"{self.user}: {self.key}"
