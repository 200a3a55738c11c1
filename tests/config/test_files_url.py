"""FILES_URL: where pictures are kept, and that what would be misread is refused as Kontor starts."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment.files_url import files_storage, s3_options


def test_an_address_of_s3_is_read_as_it_is_meant() -> None:
    told = s3_options("s3://AKIA%2B1:ab%2Fcd%40e@Shop.Pictures?region=eu-1&endpoint=https://s3.example&prefix=shop")

    assert told == {
        "bucket_name": "Shop.Pictures",
        "access_key": "AKIA+1",
        "secret_key": "ab/cd@e",
        "region_name": "eu-1",
        "endpoint_url": "https://s3.example",
        "location": "shop",
    }
    assert s3_options("s3://pictures") == {"bucket_name": "pictures"}


@pytest.mark.parametrize(
    "url",
    [
        "s3://key:se/cret@bucket",
        "s3://key:12/cret@bucket?region=eu-1",
        "s3://key:se?cret@bucket",
        "s3://key:se#cret@bucket",
        "s3://key:secret",
        "s3://key:secret@bucket:9000",
        "s3://key:secret@bucket/folder",
        "s3://",
        "s3://key:secret@",
        "ftp://bucket",
        "folder://a/b",
    ],
)
def test_what_would_be_misread_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="FILES_URL: folder:"):
        files_storage(url, home=tmp_path)
