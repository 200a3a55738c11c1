"""What Kontor speaks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Languages that customers and colleagues are written to in, and staff see the admin in."""

    ENGLISH = "en", _("English")
    UKRAINIAN = "uk", "Українська"
