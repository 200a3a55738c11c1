"""Fields of texts that are compared letter by letter."""

from typing import Any

from django import forms
from django.db import models

from shared.text.tidy import check_visible, without_invisible_ends


class _EmailInput(forms.EmailField):
    def to_python(self, value: Any) -> str:
        return without_invisible_ends(str(super().to_python(value)))


class EmailAddressField(models.EmailField):
    """An address as it was meant: what a page that it was copied from put around it is gone, and within it everything
    can be seen. To the database it is Django's own field."""

    default_validators = [*models.EmailField.default_validators, check_visible]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return without_invisible_ends(text) if isinstance(text, str) else text

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": _EmailInput, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


class CodeField(models.CharField):
    """A code such as a SKU, likewise. Blanks within it are kept: shops have such codes."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return without_invisible_ends(text) if isinstance(text, str) else text

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        text = super().clean(value, model_instance)
        check_visible(str(text or "").replace(" ", ""))
        return text

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
