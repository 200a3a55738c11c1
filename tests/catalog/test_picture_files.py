"""Where pictures' files are: taken elsewhere by jobs, and swept when no picture names them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models.picture import Picture
from catalog.services.pictures.delete_picture import delete_picture
from catalog.services.pictures.make_thumbnails import make_thumbnails
from catalog.services.pictures.sweep_pictures import sweep_pictures
from shared.clock import database_now
from shared.jobs import delete_file, move_file
from shared.models.kept_file import KeptFile
from tests.shop.goods import ProductFactory
from tests.shop.pictures import a_picture

JOBS = {"shared.move_file": move_file, "shared.delete_file": delete_file}


@pytest.fixture
def picture(db: None) -> Picture:
    ProductFactory.create()
    return a_picture()


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder that is not there before a file is: no job has run yet."""
    folder = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "m")}}
    with override_settings(STORAGES={**settings.STORAGES, "default": folder}):
        yield tmp_path / "m"


def asked_for(name: str) -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("id").values_list("args", flat=True))


def work_off(name: str) -> None:
    for arguments in asked_for(name):
        JOBS[name](**arguments)


def files_in(folder: Path) -> set[str]:
    return {file.stem for file in folder.rglob("*.webp")}


def url_of(picture: Picture) -> str:
    return f"/media/{picture.files[0]}"


def test_a_file_goes_elsewhere_by_a_job_and_is_shown_before_and_after(elsewhere: Path, picture: Picture) -> None:
    assert files_in(elsewhere) == set()
    before = Client().get(url_of(picture)).content
    assert make_thumbnails(picture_id=picture.pk) == 2

    work_off("shared.move_file")

    assert files_in(elsewhere) == {"large", "medium", "small"}
    assert not KeptFile.objects.exists()
    assert before
    assert Client().get(url_of(picture)).content == before
    work_off("shared.move_file")
    assert files_in(elsewhere) == {"large", "medium", "small"}
    assert make_thumbnails(picture_id=picture.pk) == 0


def test_a_move_that_was_interrupted_is_done_again(elsewhere: Path, picture: Picture) -> None:
    half = elsewhere / picture.files[0]
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    whole = Client().get(url_of(picture)).content

    work_off("shared.move_file")

    assert half.read_bytes() == whole != b"half"
    assert files_in(elsewhere) == {"large"}


def test_a_storage_that_is_away_fails_no_deletion_and_jobs_delete_later(elsewhere: Path, picture: Picture) -> None:
    work_off("shared.move_file")
    elsewhere.chmod(0o500)

    delete_picture(picture_id=picture.pk)

    elsewhere.chmod(0o700)
    assert files_in(elsewhere) == {"large"}
    work_off("shared.delete_file")
    assert files_in(elsewhere) == set()
    assert Client().get(url_of(picture)).status_code == 404


def test_files_that_no_picture_names_are_swept_after_a_day(picture: Picture) -> None:
    kept = a_picture()
    Picture.objects.filter(pk=picture.pk).delete()  # as with a product
    KeptFile.objects.create(name="shop/0198af00-0000-7000-8000-000000000000/large.png", data=b"logo")

    assert sweep_pictures()[0] == 0
    assert sweep_pictures(now=database_now() + timedelta(days=2))[0] == 1

    assert set(KeptFile.objects.values_list("name", flat=True)) == {
        "shop/0198af00-0000-7000-8000-000000000000/large.png",
        kept.files[0],
    }


def test_files_elsewhere_are_swept_too(elsewhere: Path, picture: Picture) -> None:
    assert sweep_pictures(now=database_now() + timedelta(days=2))[0] == 0
    kept = a_picture()
    work_off("shared.move_file")
    Picture.objects.filter(pk=picture.pk).delete()

    assert sweep_pictures()[0] == 0
    assert sweep_pictures(now=database_now() + timedelta(days=2))[0] == 1
    assert [file.parent.name for file in elsewhere.rglob("*.webp")] == [str(kept.pk)]


@pytest.mark.parametrize("where", ["", "elsewhere"])
def test_thumbnails_whose_job_failed_are_asked_for_again(
    picture: Picture, where: str, request: pytest.FixtureRequest
) -> None:
    if where:
        request.getfixturevalue(where)
    asked = len(asked_for("catalog.make_thumbnails"))

    assert sweep_pictures()[1] == 1
    assert asked_for("catalog.make_thumbnails")[asked:] == [{"picture_id": str(picture.pk)}]
    make_thumbnails(picture_id=picture.pk)
    work_off("shared.move_file")
    assert sweep_pictures()[1] == 0
