"""FILES_URL as Django's default storage: unset, the database; folder: (below KONTOR_HOME) or folder:/a/path;
s3://key:secret@bucket?region=…&endpoint=https://…, key and secret percent-encoded."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_DATABASE = {"BACKEND": "shared.files.storage.DatabaseStorage"}
_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
_FORM: Final = "folder:, folder:/a/path, or s3://key:secret@bucket?region=…&endpoint=…&prefix=…"
_QUERY: Final = {"region": "region_name", "endpoint": "endpoint_url", "prefix": "location"}


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
    if parts.scheme != "s3":
        raise ImproperlyConfigured(f"FILES_URL: {_FORM}")
    given = s3_options(url)
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("FILES_URL: for s3:// install django-storages[s3] beside Kontor.")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**given, "file_overwrite": False, "client_config": _impatient()},
    }


def s3_options(url: str, *, variable: str = "FILES_URL", form: str = _FORM) -> dict[str, str]:
    """What django-storages is given of the address. Raises ImproperlyConfigured for what would be read otherwise than
    it is meant: a "/", "?" or "#" that stands in a secret as it is ends the host."""
    parts = urlsplit(url)
    credentials, _, bucket = parts.netloc.rpartition("@")
    access_key, _, secret_key = credentials.partition(":")
    query = parse_qs(parts.query)
    if parts.path.strip("/") or parts.fragment or not set(query) <= set(_QUERY):
        raise ImproperlyConfigured(f"{variable}: {form}. Key and secret are percent-encoded: / is written %2F.")
    if not _BUCKET.fullmatch(bucket):
        hint = "After the @ stands the bucket alone; another server is named by endpoint=."
        raise ImproperlyConfigured(f"{variable}: {form}. {hint}")
    options = {"bucket_name": bucket, "access_key": unquote(access_key), "secret_key": unquote(secret_key)}
    options |= {_QUERY[name]: values[0] for name, values in query.items()}
    return {name: value for name, value in options.items() if value}


def _impatient() -> Any:
    """A page waits for the answer, and a job tries again: boto's own minute is too long."""
    config: Any = import_module("botocore.config").Config
    return config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})
