"""BACKUP_COPY: what is wrong is refused as Kontor starts, without a word of the address, which has a secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.environment.backup_copy import checked_copy, copy_options


def test_it_is_a_folder_or_what_files_url_has() -> None:
    assert copy_options("folder:/mnt/other%20disk") == {"folder": "/mnt/other disk"}
    assert copy_options("s3://key:a%2Fb@bucket?prefix=shop") == {
        "bucket_name": "bucket",
        "access_key": "key",
        "secret_key": "a/b",
        "location": "shop",
    }
    assert checked_copy("", "") == {}


@pytest.mark.parametrize(
    "url",
    [
        "/mnt/copy",
        "folder:",
        "folder:copy",
        "folder://mnt/copy",
        "folder:/mnt/copy?hidden",
        "folder:/mnt/copy#hidden",
        "s3://key:hid/den@bucket",
        "s3://key:hidden@bucket:9000",
        "s3://key:hidden@bucket?region=eu&acl=public",
        "https://key:hidden@bucket",
    ],
)
def test_what_would_be_misread_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"BACKUP_COPY: folder:/a/path, or s3://") as error:
        checked_copy(url, "/mnt/backups")
    assert "hid" not in str(error.value)


@pytest.mark.parametrize("copy", ["{}", "{}/copy", "{}/.."])
def test_neither_folder_is_in_the_other(copy: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="neither may be in the other"):
        checked_copy(f"folder:{copy.format(tmp_path)}", str(tmp_path))


WITHOUT_BOTO = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "boto3" else find(name, *rest)
import config.settings
"""


@pytest.mark.parametrize(
    ("url", "backup_dir", "words"),
    [
        ("folder:/mnt/hidden", "", "set that, too"),
        ("s3://key:hidden@bucket", "/mnt/backups", "install boto3 beside Kontor"),
    ],
)
def test_what_is_missing_is_named_at_start(url: str, backup_dir: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_BOTO],
        env={**os.environ, "BACKUP_DIR": backup_dir, "BACKUP_COPY": url},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, words in done.stderr, "hidden" in done.stderr) == (1, True, False), done.stderr
