"""Pictures in forms: decoded once, before the form's transaction begins and locks its record."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from shared.errors import Refusal
from shared.files.pictures import Taken

if TYPE_CHECKING:  # stands before the theme's ModelAdmin
    from django.contrib.admin import ModelAdmin as _Base
else:
    _Base = object

_MOST: Final = 30  # of one form, as many as a product has


def taken_of(file: UploadedFile, take: Callable[[bytes], Taken]) -> Taken:
    """What `take` makes of the upload, asked once however many forms are made of one request. Raises what it does."""
    found: Taken | Refusal | None = file.__dict__.get("taken")
    if found is None:
        try:
            found = take(file.read())
        except Refusal as refusal:
            found = refusal
        file.__dict__["taken"] = found
    if isinstance(found, Refusal):
        raise found
    return found


class TakesPictures(_Base):
    """`picture_fields`: a pattern of the fields' names in the form. `take_sent` calls what decodes one."""

    picture_fields: ClassVar[str]

    def take_sent(self, data: bytes) -> Taken:
        raise NotImplementedError(f"{type(self).__name__} takes pictures of no kind.")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A refusal waits for the form, which shows it at its field."""
        if request.method == "POST" and (self.has_change_permission(request) or self.has_add_permission(request)):
            sent = [file for name, file in request.FILES.items() if re.fullmatch(self.picture_fields, name)]
            for file in sent[:_MOST]:
                try:
                    taken_of(file, self.take_sent)  # type: ignore[arg-type]
                except Refusal:
                    continue
        return super().changeform_view(request, object_id, form_url, extra_context)
