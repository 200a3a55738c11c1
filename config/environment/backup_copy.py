"""BACKUP_COPY as embedded_postgres.copying takes it: folder:/a/path, or the s3:// that FILES_URL has. What is wrong is
said without the address: a secret may stand anywhere in it."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment.files_url import s3_options

VARIABLE = "BACKUP_COPY"
FORM = "folder:/a/path, or s3://key:secret@bucket?region=…&endpoint=…&prefix=…"


def copy_options(url: str, *, variable: str = VARIABLE) -> dict[str, str]:
    """Raises ImproperlyConfigured."""
    parts = urlsplit(url)
    if parts.scheme == "folder":
        path = Path(unquote(parts.path))
        if parts.netloc or parts.query or parts.fragment or not path.is_absolute():
            raise ImproperlyConfigured(f"{variable}: {FORM}.")
        return {"folder": str(path)}
    if parts.scheme != "s3":
        raise ImproperlyConfigured(f"{variable}: {FORM}.")
    options = s3_options(url, variable=variable, form=FORM)
    if find_spec("boto3") is None:
        raise ImproperlyConfigured(f"{variable}: for s3:// install boto3 beside Kontor (1.36 or newer).")
    return options


def checked_copy(url: str, backup_dir: str) -> dict[str, str]:
    """BACKUP_COPY, of what is in BACKUP_DIR; {}: none is wanted. Raises ImproperlyConfigured."""
    if not url:
        return {}
    options = copy_options(url)
    if not backup_dir:
        raise ImproperlyConfigured(f"{VARIABLE} is a copy of what is in BACKUP_DIR: set that, too.")
    if "folder" in options:
        copy, origin = Path(options["folder"]).resolve(), Path(backup_dir).resolve()
        if copy == origin or copy in origin.parents or origin in copy.parents:
            raise ImproperlyConfigured(f"{VARIABLE} and BACKUP_DIR: neither may be in the other.")
    return options
