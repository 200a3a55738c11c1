"""The web server with an application of a few lines: `python -m tests.config.web.tiny_server PORT '{"workers": 1, …}'`.

The object has `workers`, `threads`, `trusted_proxies` and any of the limits.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

MIB = 1024 * 1024


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    from django.http import HttpResponseBase

    answer: HttpResponseBase = _PAGES[environ["PATH_INFO"]](environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return answer


def _text(text: str) -> Any:
    from django.http import HttpResponse

    return HttpResponse(text, content_type="text/plain")


def _hang(environ: dict[str, Any]) -> Any:
    threading.Event().wait()


def _deed(environ: dict[str, Any]) -> Any:
    """Takes a second and is done then, whoever is still there: a file named by the query."""
    time.sleep(1)
    Path(environ["QUERY_STRING"]).touch()
    return _text("done")


def _pieces(environ: dict[str, Any]) -> Any:
    from django.http import StreamingHttpResponse

    def pieces() -> Iterator[bytes]:
        for number in range(int(environ["QUERY_STRING"])):
            yield b"%08d" % number * 8192

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def _broken(environ: dict[str, Any]) -> Any:
    from django.http import StreamingHttpResponse

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the other half is lost")

    return StreamingHttpResponse(pieces(), content_type="text/plain")


_PAGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "/healthz": lambda environ: _text("alive"),
    "/pid": lambda environ: _text(str(os.getpid())),
    "/length": lambda environ: _text(str(len(environ["wsgi.input"].read()))),
    "/headers": lambda environ: _text(json.dumps({k: v for k, v in environ.items() if k.startswith("HTTP_")})),
    "/large": lambda environ: _text("x" * 16 * MIB),
    "/hang": _hang,
    "/deed": _deed,
    "/pieces": _pieces,
    "/broken": _broken,
    "/admin/length": lambda environ: _text(str(len(environ["wsgi.input"].read()))),
}


def main() -> None:
    given = json.loads(sys.argv[2])
    # Kontor's own take a second or more to load.
    settings.configure(TRUSTED_PROXIES=given.pop("trusted_proxies", []), METRICS_PORT=0, TRACES=False)
    import config.environment.log  # noqa: F401 - logs are written as Kontor's are
    from config.web.limits import Limits
    from config.web.ports import bind
    from config.web.processes import WebProcesses

    workers, threads = given.pop("workers", 1), given.pop("threads", 2)
    listener = bind("127.0.0.1", int(sys.argv[1]))
    listener.listen()
    WebProcesses(listener, workers, Limits(**given), threads=threads, application=application).run()


if __name__ == "__main__":
    main()
