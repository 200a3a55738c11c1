"""Where events are sent."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel
from users.models.api_key import ApiKey


class EndpointState(models.TextChoices):
    ENABLED = "enabled", _("Enabled")
    DISABLED = "disabled", _("Disabled")


class DisabledReason(models.TextChoices):
    """Why nothing is sent any more."""

    BY_HAND = "by_hand", _("Switched off by hand")
    GONE = "gone", _("The receiver answered 410 Gone")
    FAILING = "failing", _("Nothing but failures for five days")
    SECRET = "secret", _("The secret cannot be read: SECRET_KEY has changed")


class Include(models.TextChoices):
    NOTHING = "", _("The event alone")
    OBJECT = "object", _("The event and the record as it is now")


class Endpoint(TimestampedModel):
    """A receiver of events, of what its owner may see; `api_key`: and no more than the key that made it may.

    `position`: events up to it have their deliveries. `failures`: tries that failed since one went well, the first of
    them at `failing_since`. Until `held_until` nothing is sent: the receiver asked for it, or failed too often.
    """

    url = models.CharField(_("address"), max_length=2_000)
    description = models.CharField(_("description"), max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    api_key = models.ForeignKey(
        ApiKey, on_delete=models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("API key")
    )
    types = ArrayField(models.CharField(max_length=60), verbose_name=_("types"))
    include = models.CharField(
        _("sends"), max_length=10, choices=Include.choices, blank=True, default=Include.NOTHING.value
    )
    # Encrypted (webhooks/endpoints/secrets.py): signing needs them as they are.
    secret = models.TextField(_("secret"), editable=False)
    previous_secret = models.TextField(_("previous secret"), blank=True, editable=False)
    previous_until = models.DateTimeField(_("previous secret signs until"), null=True, editable=False)
    # Those before it that still sign, the newest first: pairs of a secret and until when.
    older_secrets = models.JSONField(_("older secrets"), default=list, db_default=[], editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=EndpointState.choices, default=EndpointState.ENABLED.value, editable=False
    )
    disabled_reason = models.CharField(
        _("disabled because"), max_length=10, choices=DisabledReason.choices, blank=True, editable=False
    )
    position = models.BigIntegerField(_("position"), default=0, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    held_until = models.DateTimeField(_("held until"), null=True, editable=False)
    # Out of sight at once; a job deletes its deliveries, in batches.
    deleted_at = models.DateTimeField(_("deleted at"), null=True, editable=False)

    class Meta:
        db_table = "webhooks_endpoint"
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EndpointState.values), name="endpoint_state_known"),
            models.CheckConstraint(condition=Q(include__in=Include.values), name="endpoint_include_known"),
            models.CheckConstraint(
                condition=Q(state="enabled", disabled_reason="")
                | Q(state="disabled", disabled_reason__in=DisabledReason.values),
                name="endpoint_disabled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None) | Q(failures__gt=0, failing_since__isnull=False),
                name="endpoint_failing_says_since",
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until=None)
                | (~Q(previous_secret="") & Q(previous_until__isnull=False)),
                name="endpoint_previous_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url
