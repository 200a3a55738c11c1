from django.db.models.functions import Now

from users.models.api_key import ApiKey


def revoke_api_key(*, api_key: ApiKey) -> None:
    """End a key for good, from the next request on. Revoking it again keeps the first time."""
    ApiKey.objects.filter(pk=api_key.pk, revoked_at__isnull=True).update(revoked_at=Now())
    api_key.refresh_from_db(fields=["revoked_at"])
