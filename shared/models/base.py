"""What every table of ours has."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.ids import new_id


class BaseModel(models.Model):
    """A UUIDv7 primary key."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(BaseModel):
    """When the row was made and last changed, by the database's clock."""

    created_at = models.DateTimeField(_("created at"), db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, editable=False)

    class Meta:
        abstract = True
