"""Pictures in their product's form, and the small one in lists."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from catalog.models.picture import MAX_PICTURES, Picture
from catalog.models.product import Product
from catalog.pictures import picture_of_variant, thumbnail, urls_of
from catalog.services.pictures.add_picture import add_picture, take
from catalog.services.pictures.delete_picture import delete_picture
from catalog.services.pictures.update_picture import update_picture
from shared.admin.forms import RowForm, show_loaded
from shared.admin.saving import ServiceRows, Values
from shared.errors import Refusal
from shared.files.pictures import ACCEPT
from shared.files.uploads import taken_of

if TYPE_CHECKING:
    from django.contrib.admin.options import InlineModelAdmin

    _Inline = InlineModelAdmin
else:
    _Inline = object


class PicturedLines(_Inline):
    """Rows that name a variant, each with its picture: read by the rows' own statement."""

    readonly_fields: ClassVar[Any] = ("picture",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lines: QuerySet = super().get_queryset(request)
        pictured: QuerySet = lines.annotate(picture_id=picture_of_variant("variant__product_id", "variant_id"))
        return pictured

    @display(description=_("picture"))
    def picture(self, line: Any) -> SafeString:
        return thumbnail(getattr(line, "picture_id", None))  # none yet of one that is being added


class _Kept(forms.Widget):
    """In the place of the file of a row that has one: a hidden field would leave its column out."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html("<span>{}</span>", _("Kept"))


class PictureForm(RowForm):
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ACCEPT}),
    )
    position = forms.IntegerField(label=_("position"), required=False, min_value=0, max_value=MAX_PICTURES - 1)

    class Meta:
        model = Picture
        fields = ("alternative_text", "variant", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        show_loaded(self, "variant")
        if not self.instance._state.adding:
            self.fields["file"].disabled = True  # another picture is another row
            self.fields["file"].widget = _Kept()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.instance._state.adding and not self.errors:
            self._take_file(values)
        return values

    def _take_file(self, values: dict[str, Any]) -> None:
        if not values.get("file"):
            self.add_error("file", _("Choose a picture."))
            return
        try:
            values["file"] = taken_of(values["file"], take)
        except Refusal as refusal:
            self.add_error("file", refusal.detail)

    def validate_constraints(self) -> None:
        """Rows change places with each other: the service and the database see to it that no two have one."""


class PictureInline(ServiceRows, TabularInline):
    model = Picture
    form = PictureForm
    fields = ("preview", "file", "alternative_text", "variant", "position")
    readonly_fields = ("preview",)
    autocomplete_fields = ("variant",)
    ordering_field = "position"
    hide_ordering_field = True
    ordering = ("position",)
    extra = 0
    max_num = MAX_PICTURES
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("variant")

    @display(description=_("picture"))
    def preview(self, picture: Picture) -> SafeString:
        if picture._state.adding:
            return thumbnail(None)
        urls = urls_of(picture.pk)
        return format_html(
            '<a href="{}" target="_blank" rel="noopener"><img class="k-thumb k-thumb-large" src="{}" alt="{}"></a>',
            urls["large"],
            urls["medium"],
            str(picture),
        )

    def write_rows(self, request: HttpRequest, formset: Any) -> None:
        """Those that go to the front first: then each finds the ones before it where they will be."""
        formset.saved_forms.sort(key=_place_of)
        super().write_rows(request, formset)

    def create_row(self, request: HttpRequest, record: Product, values: Values) -> Picture:
        file, position = values.pop("file"), values.pop("position", None)
        made = add_picture(product_id=record.pk, data=file, **values)
        if position is None or position >= made.position:
            return made
        return update_picture(picture_id=made.pk, changes={"position": position})

    def change_row(self, request: HttpRequest, row: Picture, changes: Values) -> Picture:
        if changes.get("position", 0) is None:
            del changes["position"]
        return update_picture(picture_id=row.pk, changes=changes)  # type: ignore[arg-type]

    def delete_row(self, request: HttpRequest, row: Picture) -> None:
        delete_picture(picture_id=row.pk)


def _place_of(form: Any) -> int:
    position = form.cleaned_data.get("position")
    return MAX_PICTURES if position is None else int(position)
