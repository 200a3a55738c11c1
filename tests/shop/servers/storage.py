"""Storage that speaks S3, on a port of its own: moto's server, and what may go wrong on the way to it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

BUCKET, KEY, SECRET = "copies", "AKIA1", "never+shown/anywhere"
_QUOTED_SECRET = "never%2Bshown%2Fanywhere"


@dataclass
class Storage:
    """`requests`: method, name of the object ("": the bucket), and the number of the part, of what came."""

    port: int = 0
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: Callable[[Request], bool] = lambda request: False
    holds: Callable[[Request], bool] = lambda request: False  # until `let_go`; the sender may be killed meanwhile
    breaks: Callable[[Request], bool] = lambda request: False  # half of the answer comes
    is_holding: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def url(self, prefix: str) -> str:
        """As BACKUP_COPY has it."""
        return f"s3://{KEY}:{_QUOTED_SECRET}@{BUCKET}?region=us-east-1&endpoint={self.endpoint}&prefix={prefix}"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def options(self, prefix: str) -> dict[str, str]:
        return {
            "bucket_name": BUCKET,
            "access_key": KEY,
            "secret_key": SECRET,
            "region_name": "us-east-1",
            "endpoint_url": self.endpoint,
            "location": prefix,
        }

    @property
    def client(self) -> Any:
        """Of somebody who looks, and breaks."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="other",
            aws_secret_access_key="other",
        )

    def names(self, prefix: str) -> list[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET, Prefix=f"{prefix}/").get("Contents", [])
        return [each["Key"].removeprefix(f"{prefix}/") for each in found]

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ, populate_request=False)
        _, _, name = request.path.removeprefix("/").partition("/")
        part = parse_qs(environ.get("QUERY_STRING", "")).get("partNumber", [""])[0]
        self.requests.append((request.method, name, part))
        if self.holds(request):
            self.is_holding.set()
            self.let_go.wait()
            return Response(status=500)(environ, start)
        if self.refuses(request):
            text = f"<Error><Code>AccessDenied</Code><Message>{KEY} may not</Message></Error>"
            return Response(text, 403, mimetype="application/xml")(environ, start)
        if self.breaks(request):
            answer = b"".join(_moto(environ, start))
            return [answer[: len(answer) // 2]]
        return _moto(environ, start)


class _Quiet(MotoRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


_moto = DomainDispatcherApplication(create_backend_app)


@contextmanager
def storage() -> Iterator[Storage]:
    made = Storage()
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=_Quiet)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        made.client.create_bucket(Bucket=BUCKET)
        yield made
    finally:
        made.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
