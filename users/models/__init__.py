from users.models import (
    api_key,
    company,
    consent,
    custom_field,
    customer,
    customer_group,
    role,
    sign_in,
    staff_session,
    tag,
    team,
    user,
)

__all__ = [
    "api_key",
    "company",
    "consent",
    "custom_field",
    "customer",
    "customer_group",
    "role",
    "sign_in",
    "staff_session",
    "tag",
    "team",
    "user",
]
