"""Bytes from a client become complete WSGI requests, or the refusal of what is none."""

import io
import sys
import tempfile
import time
from collections import deque
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import httptools

from config.web.limits import Limits
from shared.http.areas import takes_a_file

Environ = dict[str, Any]

IN_MEMORY_BYTES = 256 * 1024  # of a body; a longer one goes to a temporary file
_SEPARATORS = {"HTTP_COOKIE": "; "}
_KNOWN_NAMES = 500  # names of headers remembered; clients may send any
_keys: dict[bytes, str | None] = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}

COMMON: Environ = {
    "SCRIPT_NAME": "",
    "GATEWAY_INTERFACE": "CGI/1.1",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Refused(Exception):
    """The request is not served; nothing further of it is read."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail


class Request:
    """A complete request."""

    __slots__ = ("environ", "keep_alive")

    def __init__(self, environ: Environ, *, keep_alive: bool) -> None:
        self.environ = environ
        self.keep_alive = keep_alive

    @property
    def path(self) -> str:
        return str(self.environ["PATH_INFO"])


class RequestReader:
    """Reads the requests of one connection, one after another (methods named on_… are called by httptools).

    `complete` has those that are whole. Raises Refused, after which nothing more may be fed.
    """

    def __init__(self, connection: Environ, limits: Limits) -> None:
        self.complete: deque[Request] = deque()
        self.in_body = False
        self.wants_continue = False
        self.body_began = 0.0
        self.body_received = 0
        self._parser = httptools.HttpRequestParser(self)
        self._connection = connection
        self._limits = limits
        self._environ: Environ = {}
        self._in_head = False
        self._head_bytes = 0
        self._refusal: Refused | None = None

    @property
    def path(self) -> str:
        """Of the request that is being read."""
        return str(self._environ.get("PATH_INFO", "/"))

    @property
    def is_between_requests(self) -> bool:
        return not self._in_head and not self.in_body

    def feed(self, data: bytes) -> None:
        """Raises Refused."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if not self.complete:  # CONNECT; an offer of HTTP/2 or of WebSocket is answered over HTTP/1.1
                raise Refused(400, "This is not a proxy.") from None
            self.complete[-1].keep_alive = False
        except httptools.HttpParserError as error:
            if not self.complete or self.complete[-1].keep_alive:  # else: more after "Connection: close"
                raise self._refusal or Refused(400, f"Not HTTP/1.1: {error}.") from None
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.header_bytes:
                raise Refused(431, "The headers are too long.")
        if self._refusal:
            raise self._refusal

    def on_message_begin(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        self._headers = 0
        self._url = b""
        self._environ = self._connection.copy()
        self._pieces: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.body_received = 0

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += 1
        if self._headers > self._limits.headers:
            self._refusal = Refused(431, "There are too many headers.")
            return
        key = _keys.get(name) or _environ_key(name)
        if key is None:
            return
        text = value.decode("latin-1")
        environ = self._environ
        if key in environ:
            text = f"{environ[key]}{_SEPARATORS.get(key, ',')}{text}"
        environ[key] = text

    def on_headers_complete(self) -> None:
        self._in_head = False
        environ = self._environ
        environ["REQUEST_METHOD"] = self._parser.get_method().decode("ascii")
        environ["SERVER_PROTOCOL"] = f"HTTP/{self._parser.get_http_version()}"
        try:
            url = httptools.parse_url(self._url)
        except httptools.HttpParserInvalidURLError:
            self._refusal = Refused(400, "The address cannot be read.")
            return
        environ["PATH_INFO"] = unquote_to_bytes(url.path or b"/").decode("latin-1")
        environ["QUERY_STRING"] = (url.query or b"").decode("latin-1")
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            self._expect_body(environ)

    def _expect_body(self, environ: Environ) -> None:
        if "HTTP_TRANSFER_ENCODING" in environ:
            self._refusal = Refused(411, "Send the body with a Content-Length.")
            return
        length = int(environ["CONTENT_LENGTH"])  # digits: the parser refuses anything else
        most = self._most_bytes(environ["PATH_INFO"])
        if length > most:
            self._refusal = Refused(413, f"A body may have up to {most:,} bytes.")
            return
        if length:
            self.in_body = True
            self.body_began = time.monotonic()
            self.wants_continue = environ.get("HTTP_EXPECT", "").lower() == "100-continue"

    def _most_bytes(self, path: str) -> int:
        """Of a body, before anybody has said who they are."""
        if path.startswith("/admin/"):
            return self._limits.upload_bytes
        return self._limits.picture_bytes if takes_a_file(path) else self._limits.body_bytes

    def on_body(self, piece: bytes) -> None:
        if self._refusal:
            return
        self.body_received += len(piece)
        if self.body_received <= IN_MEMORY_BYTES:
            self._pieces.append(piece)
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the request
                self._file.writelines(self._pieces)
            self._file.write(piece)
        except OSError:  # the disk is full
            self._refusal = Refused(503, "There is no room for the body.")

    def on_message_complete(self) -> None:
        self.in_body = self.wants_continue = False
        if self._refusal:
            return
        environ = self._environ
        if self._file is None:
            environ["wsgi.input"] = io.BytesIO(b"".join(self._pieces))
        else:
            self._file.seek(0)
            environ["wsgi.input"] = self._file
        self.complete.append(Request(environ, keep_alive=self._parser.should_keep_alive()))


def _environ_key(name: bytes) -> str | None:
    """None for a name with an underscore: it would pass for another header, X_Forwarded_For for X-Forwarded-For."""
    key: str | None = None
    if b"_" not in name:
        lower = name.lower()
        key = _keys[lower] if lower in _keys else f"HTTP_{lower.decode('latin-1').upper().replace('-', '_')}"
    if len(_keys) < _KNOWN_NAMES and key:
        _keys[name] = key
    return key
