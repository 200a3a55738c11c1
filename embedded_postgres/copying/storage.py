"""A second copy in a bucket of S3-compatible storage, by boto3, which is installed beside Kontor.

Each request says the MD5 of what it sends, which every such server compares; the SHA-256 is kept with the object.
"""

import base64
import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from embedded_postgres.copying.parts import put_parts
from embedded_postgres.copying.place import PIECE, Changed, Meanwhile
from embedded_postgres.errors import EmbeddedPostgresError

SUM: Final = "sha256"  # of an object's metadata
# A segment of the log is never put in parts: an upload that was broken off is another one's content soon.
_MOST_AT_ONCE: Final = 2 * PIECE
_NOT_THERE: Final = {"404", "NoSuchKey", "NotFound"}
_REFUSED: Final = {403, 405}
_TRIES: Final = 5


class StoragePlace:
    def __init__(self, options: Mapping[str, str]) -> None:
        """`options` by the names of django-storages, as FILES_URL is read."""
        self._bucket = options["bucket_name"]
        self._prefix = f"{options['location'].strip('/')}/" if options.get("location") else ""
        self._secret = options.get("secret_key", "")
        self.shown = f"s3://{self._bucket}/{self._prefix}"
        if endpoint := options.get("endpoint_url"):
            self.shown += f" at {endpoint.rpartition('@')[2]}"
        boto, config = import_module("boto3"), import_module("botocore.config")
        self._faults = import_module("botocore.exceptions")
        self._broken = (
            self._faults.HTTPClientError,
            self._faults.ConnectionError,
            self._faults.IncompleteReadError,
            import_module("urllib3.exceptions").HTTPError,
        )
        with self._named():
            self._client: Any = boto.session.Session(
                aws_access_key_id=options.get("access_key"),
                aws_secret_access_key=options.get("secret_key"),
                region_name=options.get("region_name"),
            ).client("s3", endpoint_url=endpoint or None, config=_patient(config.Config))

    def sizes(self) -> dict[str, int]:
        found = {}
        with self._named():
            for page in self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            ):
                for each in page.get("Contents", ()):
                    found[each["Key"].removeprefix(self._prefix)] = int(each["Size"])
        return found

    def read(self, name: str) -> bytes | None:
        with self._named():
            answer = self._get(name)
            return b"".join(self._pieces(name, answer)) if answer else None

    def put_bytes(self, name: str, data: bytes) -> None:
        with self._named():
            self._client.put_object(
                **self._object(name),
                Body=data,
                ContentMD5=md5_of(data),
                Metadata={SUM: hashlib.sha256(data).hexdigest()},
            )

    def put_file(self, name: str, source: Path, *, expected: str, meanwhile: Meanwhile) -> None:
        """In parts where it is large; those that an upload which was broken off has are not sent again."""
        size = source.stat().st_size
        if size <= _MOST_AT_ONCE:
            data = source.read_bytes()
            if hashlib.sha256(data).hexdigest() != expected:
                raise Changed(f"{source} was changed since it was written.")
            self.put_bytes(name, data)
            return
        with self._named():
            put_parts(self._client, self._object(name), source, {SUM: expected}, meanwhile)
            there = self._client.head_object(**self._object(name))["ContentLength"]
        if there != size:
            raise EmbeddedPostgresError(f"{self.shown}: {name} has {there} bytes and not {size}.")

    def fetch(self, name: str, target: Path) -> bool:
        with self._named():
            answer = self._get(name)
            if answer is None:
                return False
            found = hashlib.sha256()
            with target.open("wb") as file:
                for piece in self._pieces(name, answer):
                    found.update(piece)
                    file.write(piece)
        if answer["Metadata"].get(SUM, found.hexdigest()) != found.hexdigest():
            raise Changed(f"{self.shown}: {name} was changed since it was written.")
        return True

    def sum_of(self, name: str) -> str:
        found = hashlib.sha256()
        with self._named():
            answer = self._get(name)
            for piece in self._pieces(name, answer) if answer else ():
                found.update(piece)
        return found.hexdigest()

    def remove(self, name: str) -> bool:
        """What could not be removed for another reason than that this key may not is tried again another time."""
        with suppress(EmbeddedPostgresError), self._named():
            try:
                self._client.delete_object(**self._object(name))
            except self._faults.ClientError as error:
                return error.response["ResponseMetadata"]["HTTPStatusCode"] not in _REFUSED
        return True

    def _object(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}{name}"}

    def _pieces(self, name: str, answer: dict[str, Any]) -> Iterator[bytes]:
        """All of the object; where the connection breaks off it is gone on with, unless nothing comes again and
        again."""
        read, tries, tag = 0, _TRIES, answer["ETag"]
        going_on: dict[str, Any] | None = answer
        while True:
            try:
                going_on = going_on or self._client.get_object(
                    **self._object(name), Range=f"bytes={read}-", IfMatch=tag
                )
                for piece in going_on["Body"].iter_chunks(1 << 20):
                    read, tries = read + len(piece), _TRIES
                    yield piece
                return
            except self._broken:
                tries -= 1
                if not tries:
                    raise
                time.sleep(0 if tries == _TRIES - 1 else 2 ** (_TRIES - tries))
                going_on = None

    def _get(self, name: str) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = self._client.get_object(**self._object(name))
        except self._faults.ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return None
            raise
        return answer

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except (
            self._faults.ClientError,
            self._faults.BotoCoreError,
            *self._broken,
            ValueError,
        ) as error:
            text = str(error).replace(self._secret, "…") if self._secret else str(error)
            # Without what led here: it has the request, and with it whatever was signed.
            raise EmbeddedPostgresError(f"The copy of the backups, {self.shown}: {text}") from None


def md5_of(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def _patient(config: Any) -> Any:
    """Nobody waits for it, and other servers than Amazon's do not know its newer checksums."""
    return config(
        connect_timeout=5,
        read_timeout=60,
        retries={"total_max_attempts": 3, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
