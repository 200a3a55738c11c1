"""A large object in parts: an upload that was broken off is gone on with."""

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

from embedded_postgres.copying.place import PIECE, Changed, Meanwhile

_MOST_PARTS: Final = 10_000


def put_parts(client: Any, where: dict[str, str], source: Path, metadata: dict[str, str], meanwhile: Meanwhile) -> None:
    """`metadata` has the SHA-256 that the source must have: else nothing is left of the upload. Raises what boto
    does."""
    upload, there = _begun(client, where)
    if not upload:
        upload = client.create_multipart_upload(**where, Metadata=metadata)["UploadId"]
    part_bytes = max(PIECE, -(-source.stat().st_size // _MOST_PARTS))
    read = hashlib.sha256()
    parts: list[dict[str, Any]] = []
    with source.open("rb") as file:
        while piece := file.read(part_bytes):
            read.update(piece)
            number, md5 = len(parts) + 1, hashlib.md5(piece, usedforsecurity=False)
            tag = f'"{md5.hexdigest()}"'
            if there.get(number) != tag:
                sent = base64.b64encode(md5.digest()).decode()
                tag = client.upload_part(
                    **where, UploadId=upload, PartNumber=number, Body=piece, ContentMD5=sent
                )["ETag"]  # fmt: skip
            parts.append({"PartNumber": number, "ETag": tag})
            meanwhile()
    if read.hexdigest() not in metadata.values():
        client.abort_multipart_upload(**where, UploadId=upload)
        raise Changed(f"{source} was changed since it was written.")
    client.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})


def _begun(client: Any, where: dict[str, str]) -> tuple[str, dict[int, str]]:
    """The last upload of this object that was broken off, and the parts that it has, by their sums."""
    uploads = client.get_paginator("list_multipart_uploads").paginate(Bucket=where["Bucket"], Prefix=where["Key"])
    begun = [each for page in uploads for each in page.get("Uploads", ()) if each["Key"] == where["Key"]]
    if not begun:
        return "", {}
    last = max(begun, key=lambda each: each["Initiated"])["UploadId"]
    pages = client.get_paginator("list_parts").paginate(**where, UploadId=last)
    return last, {each["PartNumber"]: each["ETag"] for page in pages for each in page.get("Parts", ())}
