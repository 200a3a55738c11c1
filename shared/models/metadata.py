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


# The first = that has no backslash before it parts key and value.
_PAIR = re.compile(r"((?:[^\\=]|\\.)*)=(.*)")
# All that str.splitlines takes for the end of a line.
_LINE_ENDS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SIGNS = {"n": "\n", "r": "\r", "\\": "\\", "=": "="}
_WRITTEN = {"\n": "\\n", "\r": "\\r"}


class MetadataInput(forms.CharField):
    """A pair a line, key = value. A backslash is written twice, = in a key behind one, a line break \\n, and what
    else ends a line, or is blank at an end of either, by its number: what is shown is read as what was there."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        pairs = [(_on_one_line(key), _on_one_line(str(text))) for key, text in sorted(value.items())]
        return "\n".join(key.replace("=", r"\=") + " = " + text for key, text in pairs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        pairs: dict[str, str] = {}
        for line in (super().to_python(value) or "").splitlines():
            if not line.strip():
                continue
            found = _PAIR.fullmatch(line)
            if found is None:
                raise ValidationError(_("Write a pair a line: key = value."), code="invalid")
            key, text = (_as_meant(part.strip()) for part in found.groups())
            if key in pairs:
                raise ValidationError(_("A key stands there twice."), code="invalid")
            pairs[key] = text
        return {key: text for key, text in pairs.items() if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or {}) != self.to_python(data))
        except ValidationError:
            return True


def _on_one_line(text: str) -> str:
    inner = text.strip()
    start = text.index(inner) if inner else len(text)
    end = start + len(inner)
    blanks = [_numbered(part) for part in (text[:start], text[end:])]
    return blanks[0] + _LINE_ENDS.sub(lambda found: _numbered(found[0]), inner.replace("\\", "\\\\")) + blanks[1]


def _numbered(space: str) -> str:
    return "".join(_WRITTEN.get(one) or f"\\u{ord(one):04x}" for one in space)


def _as_meant(text: str) -> str:
    def meant(found: re.Match[str]) -> str:
        sign = found[1]
        return chr(int(sign[1:], 16)) if len(sign) > 1 else _SIGNS.get(sign, found[0])

    # Halves of a surrogate pair are no characters.
    return re.sub(r"\\(u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|.)", meant, text)


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
