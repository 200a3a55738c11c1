"""FILES_URL as Django's default storage: unset, the database; folder: (below KONTOR_HOME) or folder:/a/path;
s3://key:secret@bucket?region=…&endpoint=https://…"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_DATABASE = {"BACKEND": "shared.files.storage.DatabaseStorage"}


def files_storage(url: str, *, home: Path) -> dict[str, Any]:
    """What STORAGES["default"] is. Raises ImproperlyConfigured."""
    if not url:
        return _DATABASE
    parts = urlsplit(url)
    if parts.scheme == "folder" and not parts.netloc:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path) or str(home / "media")},
        }
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured("FILES_URL: folder:, folder:/a/path, or s3://key:secret@bucket?region=…&endpoint=…")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("FILES_URL: for s3:// install django-storages[s3] beside Kontor.")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    options = {
        "bucket_name": parts.hostname,
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "region_name": query.get("region"),
        "endpoint_url": query.get("endpoint"),
        "location": query.get("prefix", ""),
    }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {name: value for name, value in options.items() if value} | {"file_overwrite": False},
    }
