"""What every table of ours has."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from shared.ids import new_id


class BaseModel(models.Model):
    """A UUIDv7 primary key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(BaseModel):
    """When the row was made and last changed, by the database's clock."""

    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True
