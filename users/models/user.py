"""Who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shared.clock import environment_today
from shared.ids import new_id
from shared.text.fields import EmailAddressField
from shared.zones import check_zone
from users.models.language import Language
from users.models.team import Team


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A login without staff rights unless `fields` say so; no password means it cannot sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A login that may do everything."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in does not care about the case of an e-mail address."""
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A person or machine that signs in, with an e-mail address in place of a user name."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)
    username = None  # type: ignore[assignment]
    email = EmailAddressField(_("e-mail"), unique=True, help_text=_("Used to sign in; kept in lower case."))

    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        help_text=_("For shared records."),
        verbose_name=_("team"),
    )
    wants_digest = models.BooleanField(
        _("daily digest"), default=True, db_default=True, help_text=_("An e-mail each morning with the day's tasks.")
    )
    digest_sent_on = models.DateField(
        _("digest sent on"),
        null=True,
        default=environment_today,
        editable=False,
        help_text=_("The day of the last digest; at first the day the login was made: the first comes the next."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.ENGLISH,
        db_default=Language.ENGLISH,
        help_text=_("Of reminders and the daily digest; follows the language chosen in the admin."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        validators=[check_zone],
        help_text=_("How times are shown to them and read from them, as Europe/Kyiv; empty: the shop's."),
    )
    list_layouts = models.JSONField(
        _("layouts of lists"),
        default=dict,
        db_default={},
        blank=True,
        editable=False,
        help_text=_("By list: which columns are hidden or added, and whether rows stand close."),
    )
    # Of 256 random bits, so a slow hash adds nothing. The column keeps the name of what stood in it before, so that no
    # process of the version before breaks while this one is installed.
    calendar_token_hash = models.CharField(  # noqa: DJ001 - unique, and most have none
        _("calendar token's hash"),
        max_length=64,
        null=True,
        unique=True,
        editable=False,
        db_column="calendar_token",
        help_text=_("SHA-256 of the secret in the address of the tasks' calendar."),
    )

    token_generation = models.IntegerField(
        _("generation of tokens"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("Tokens of the API are good while this number is the one that they were made with."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        db_table = "users_user"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        indexes = [
            # serve: the few who are staff, superusers or switched off, in the order of the list
            models.Index(fields=["email"], condition=models.Q(is_staff=True), name="user_staff"),
            models.Index(fields=["email"], condition=models.Q(is_superuser=True), name="user_superusers"),
            models.Index(fields=["email"], condition=models.Q(is_active=False), name="user_inactive"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="user_language_known"),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("list_layouts"), function="jsonb_typeof", output_field=TextField()), Value("object")
                ),
                name="user_list_layouts_by_list",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @cached_property
    def has_role(self) -> bool:
        """Whether they have a role: without one, a member of staff who is no superuser may do nothing."""
        return self.groups.exists()

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()
