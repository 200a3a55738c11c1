"""The column of free pairs of texts, and the checks that hold its limits."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, CheckConstraint, F, Func, IntegerField, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from shared.errors import InvalidInput
from shared.values.metadata import MAX_KEY, MAX_KEYS, MAX_VALUE, check_metadata

# PostgreSQL's regular expressions repeat at most 255 times.
_LONG_VALUE = f".{{250}}.{{{MAX_VALUE - 250 - 249}}}.{{249}}."
_PAIRS_OF_TEXTS = (
    'strict $.type() == "object"'
    ' && !exists($.* ? (@.type() != "string"))'
    f' && !exists($.* ? (@ like_regex "^{_LONG_VALUE}" flag "s"))'
    f' && !exists($.keyvalue() ? (@.key == "" || @.key like_regex "^.{{{MAX_KEY}}}." flag "s"))'
)


class MetadataInput(forms.CharField):
    """A pair a line, key = value; a line break in a value is written \\n, and a backslash twice."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{key} = {_on_one_line(str(text))}" for key, text in sorted(value.items()))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        pairs: dict[str, str] = {}
        for line in (super().to_python(value) or "").splitlines():
            if not line.strip():
                continue
            key, sign, text = line.partition("=")
            if not sign:
                raise ValidationError(_("Write a pair a line: key = value."), code="invalid")
            if key.strip() in pairs:
                raise ValidationError(_("A key stands there twice."), code="invalid")
            pairs[key.strip()] = _as_meant(text.strip())
        return {key: text for key, text in pairs.items() if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or {}) != self.to_python(data))
        except ValidationError:
            return True


def _on_one_line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")


def _as_meant(text: str) -> str:
    written = {"n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: written.get(found[1], found[0]), text)


class MetadataField(models.JSONField):
    """Up to 50 texts by key, and the same to the database as Django's own field: metadata_checks belongs to it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "verbose_name": _("metadata"),
            "default": dict,
            "db_default": {},
            "blank": True,
            "help_text": _("Texts by key, for programs: ids of other systems and the like."),
            **kwargs,
        }
        super().__init__(**kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, dict):
            raise ValidationError(_("Write texts by key."), code="wrong_type")
        try:
            check_metadata(value)
        except InvalidInput as refusal:
            raise ValidationError(refusal.detail, code="invalid") from None

    def formfield(self, **kwargs: Any) -> Any:
        given = {"form_class": MetadataInput, "help_text": _("A pair a line: key = value. For programs."), **kwargs}
        return models.Field.formfield(self, **given)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def metadata_checks(table: str) -> list[CheckConstraint]:
    """The limits as the database holds them."""
    pairs = Func(F("metadata"), Value('$ ? (@.type() == "object").keyvalue()'), function="jsonb_path_query_array")
    count = Func(pairs, function="jsonb_array_length", output_field=IntegerField())
    texts = Func(F("metadata"), Value(_PAIRS_OF_TEXTS), function="jsonb_path_match", output_field=BooleanField())
    return [
        CheckConstraint(condition=texts, name=f"{table}_metadata_texts"),
        CheckConstraint(condition=LessThanOrEqual(count, MAX_KEYS), name=f"{table}_metadata_keys"),
    ]
