"""Files kept in the database: every web server and worker reaches them, and they are backed up with it
(docs/decisions/import-export.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel

CHUNK_BYTES = 512 * 1024


class StoredFile(BaseModel):
    name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0, help_text="Bytes.")

    class Meta:
        db_table = "exchange_stored_file"
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return self.name


class FileChunk(BaseModel):
    """A piece of a file, so that nobody needs memory for all of it."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    position = models.IntegerField(help_text="Place in the file, from 0.")
    data = models.BinaryField()

    class Meta:
        db_table = "exchange_file_chunk"
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")
        constraints = [
            # Its index serves: a file from its beginning to its end.
            models.UniqueConstraint(fields=["file", "position"], name="file_chunk_position_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.file_id}"
