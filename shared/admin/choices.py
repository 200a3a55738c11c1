"""What the pickers of forms and filters offer."""

from typing import Any, cast

from django.contrib.admin.views.autocomplete import AutocompleteJsonView

from shared.admin.base import KontorAdmin


class Choices(AutocompleteJsonView):
    """As Django's, and each row is called what its admin calls it among others."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, Any]:
        pages = cast("KontorAdmin", self.model_admin)
        choice = super().serialize_result(obj, to_field_name)
        return {**choice, "text": pages.choice_label(obj), **pages.choice_extras(obj)}
