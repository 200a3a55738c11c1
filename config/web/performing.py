"""Running one request in a thread, and sending its answer as far as the client takes it."""

import socket
from collections.abc import Callable
from contextlib import closing
from typing import Any

import structlog

from config.web.answers import Answer, Application, FileBody, Outgoing, Stream, framed, refusal
from config.web.requests import Request

log = structlog.get_logger("kontor.web")

Sent = tuple[Outgoing, bool, bool]  # what was made, whether all of it is sent, whether the connection stays


def perform(
    application: Application,
    request: Request,
    link: socket.socket,
    *,
    touch: Callable[[], None],
    is_stopping: Callable[[], bool],
) -> Sent:
    """Never raises: a fault of the application, which answers its own, is a 500, and a client that has gone is fine."""
    answer = Answer(request.environ, keep_alive=lambda: request.keep_alive and not is_stopping())
    try:
        response = application(request.environ, answer.start)
        if isinstance(response, FileBody):
            return _send_file(response, answer, link)
        with closing(response):
            if response.streaming:
                return _send_stream(response, answer, link, touch)
            content = response.content
    except Exception:
        log.error("request_failed", exc_info=True, path=request.path)
        return _pump_out(
            Outgoing(refusal(500, "Something went wrong on our side.", request.path)), link, keep_alive=False
        )
    head, _chunked = answer.head(len(content))
    return _pump_out(Outgoing(head + content if answer.has_body else head), link, keep_alive=answer.keep_alive)


def _send_file(response: FileBody, answer: Answer, link: socket.socket) -> Sent:
    head, chunked = answer.head(None)
    if not answer.has_body:
        response.close()
        return _pump_out(Outgoing(head), link, keep_alive=answer.keep_alive)
    if chunked:  # a file of unknown length: rare enough to be read here
        with closing(response):
            head += b"".join(framed([response.read(-1)], chunked=True))
        return _pump_out(Outgoing(head), link, keep_alive=answer.keep_alive)
    return _pump_out(Outgoing(head, response), link, keep_alive=answer.keep_alive)


def _send_stream(response: Any, answer: Answer, link: socket.socket, touch: Callable[[], None]) -> Sent:
    """A client that reads slowly holds no thread: what it does not take is kept for the event loop to send."""
    head, chunked = answer.head(None)
    stream = Stream(head)
    try:
        is_sent = stream.pump(link)
        for piece in framed(response, chunked=chunked) if answer.has_body else ():
            touch()
            stream.add(piece)
            is_sent = stream.pump(link)
    except ConnectionError:
        return _broken_off(stream)
    except Exception:  # the client sees it by an answer that ends before its end
        log.error("answer_broken_off", exc_info=True)
        return _broken_off(stream)
    return stream, is_sent, answer.keep_alive


def _broken_off(outgoing: Outgoing) -> Sent:
    outgoing.close()
    return outgoing, True, False


def _pump_out(outgoing: Outgoing, link: socket.socket, *, keep_alive: bool) -> Sent:
    try:
        is_sent = outgoing.pump(link)
    except OSError:
        return _broken_off(outgoing)
    if is_sent:
        outgoing.close()
    return outgoing, is_sent, keep_alive
