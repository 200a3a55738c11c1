"""Phone numbers: kept as they were written, compared in international form."""

from typing import Any

import phonenumbers
from django.db import models

from shared.shop_values import shop_values


def normalize_phone(phone: str) -> str:
    """The number as E.164 (+4930123456), "" when it cannot be one. A number without country code is one of
    the shop's region."""
    if not phone.strip():
        return ""
    try:
        region = None if phone.lstrip().startswith("+") else shop_values().phone_region
        parsed = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


class NormalizedPhoneField(models.CharField):
    """The number in the field `of`, normalised whenever the row is saved (`update_fields` must name both)."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        fixed = {"max_length": 16, "blank": True, "default": "", "db_default": "", "editable": False}
        super().__init__(*args, **{**kwargs, **fixed})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        normalized = normalize_phone(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, normalized)
        return normalized
