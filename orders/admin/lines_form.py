"""A form that asks for quantities of lines, as a table."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from catalog.pictures import pictures_of_variants, thumbnail
from orders.models.order_item import OrderItem
from shared.admin.forms import StyledForm


class Line(NamedTuple):
    """`cells` are what is known of the line; of each column up to `most` units may be given."""

    # Lines are told apart by their item and not by their place in the table: what was typed stays with its line when
    # another one is added or fully refunded meanwhile.
    item: OrderItem
    cells: Sequence[object]
    most: int
    initial: int = 0


class TableRow(NamedTuple):
    """Each cell and input with the heading of its column, which a phone shows beside it."""

    line: Line
    picture: SafeString
    cells: list[tuple[str | Promise, object]]
    inputs: list[tuple[str | Promise, BoundField]]


class LinesForm(StyledForm):
    """`columns` names the columns of inputs, `headings` those of the cells before them; a subclass's own fields come
    below the table. `starts_at_none`: columns that begin with 0 whatever the line's `initial` is."""

    columns: Mapping[str, str | Promise] = {"quantity": _("Quantity")}
    headings: Sequence[str | Promise] = ()
    starts_at_none: Collection[str] = ()

    def __init__(self, lines: Sequence[Line], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            for column, label in self.columns.items():
                field = forms.IntegerField(
                    label=f"{label}: {line.item.sku}",
                    min_value=0,
                    # A help to whoever types. The service works the limit out again under its lock.
                    max_value=line.most,
                    initial=0 if column in self.starts_at_none else line.initial,
                    # An empty box is a line that is left alone, so that a table of fifty lines is not fifty zeros to
                    # type.
                    required=False,
                    widget=UnfoldAdminIntegerFieldWidget(attrs=_box_attributes(f"{label}: {line.item.sku}", line.most)),
                )
                self.fields[_field_name(column, line)] = field

    @property
    def table(self) -> list[TableRow]:
        """The rows of the table. 1 statement."""
        pictures = pictures_of_variants(line.item.variant_id for line in self.lines)
        return [
            TableRow(
                line,
                thumbnail(pictures.get(line.item.variant_id)),
                list(zip(self.headings, line.cells, strict=True)),
                [(label, self[_field_name(column, line)]) for column, label in self.columns.items()],
            )
            for line in self.lines
        ]

    @property
    def others(self) -> Iterator[BoundField]:
        """The fields below the table."""
        # Told by name: subclasses declare theirs as any form does, and need not say again which they are.
        in_table = {_field_name(column, line) for line in self.lines for column in self.columns}
        return (field for field in self if field.name not in in_table)

    def chosen(self, column: str = "quantity") -> list[tuple[OrderItem, int]]:
        """What was given in a column, where it is not 0."""
        given = [(line.item, self.cleaned_data.get(_field_name(column, line)) or 0) for line in self.lines]
        return [(item, units) for item, units in given if units]


def _box_attributes(label: str, most: int) -> dict[str, object]:
    """A narrow box in a cell, named for those who do not see its column."""
    return {"aria-label": label, "min": 0, "max": most, "style": "width: 6rem; margin-left: auto"}


def _field_name(column: str, line: Line) -> str:
    return f"{column}-{line.item.pk}"
