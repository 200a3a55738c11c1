"""Nothing is sent into a network that is not its owner's, whatever an endpoint's name leads to. A listener on this
machine must see nothing."""

import asyncio
import math
import socket
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from shared.errors import InvalidInput
from tests.shop.servers.webhook_receiver import Receiver, receiver_running
from webhooks.endpoints.addresses import is_public
from webhooks.endpoints.secrets import new_secret
from webhooks.endpoints.url_rules import check_url
from webhooks.sending.connector import guarded_session, unguarded_session
from webhooks.sending.post import Post, send_post
from webhooks.services.record_attempts import Outcome

T = TypeVar("T")

INSIDE = [
    *("127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255"),
    *("172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "169.254.0.1", "169.254.169.254"),
    *("100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c::1"),
    *("2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1"),
    *("5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "ff05::1:3"),
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450::1"]


class StubResolver(AbstractResolver):
    """Names lead where the test says, one answer after another."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


class Listener:
    """Takes connections of every address of this machine, of both families where there are two."""

    def __init__(self) -> None:
        is_dual = socket.has_dualstack_ipv6()
        address, family = ("::", socket.AF_INET6) if is_dual else ("0.0.0.0", socket.AF_INET)
        self._socket = socket.create_server((address, 0), family=family, dualstack_ipv6=is_dual)
        self.port: int = self._socket.getsockname()[1]
        self.seen = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            self.seen += 1
            link.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def sent(*urls: str, resolver: AbstractResolver | None = None, port: int) -> list[Outcome]:
    """What came of it. Sent as to anybody, but to this port."""
    async with guarded_session(resolver=resolver, ports=frozenset({port})) as session:
        return [await send_post(post_to(url), session) for url in urls]


def post_to(url: str) -> Post:
    return Post(uuid4(), uuid4(), str(uuid4()), url, b"{}", [new_secret()], math.inf)


def test_the_listener_would_see_it(listener: Listener) -> None:
    async def send() -> Outcome:
        async with unguarded_session() as session:
            return await send_post(post_to(f"http://127.0.0.1:{listener.port}/"), session)

    assert run(send()).status is None  # it hangs up
    assert listener.seen >= 1


def test_no_address_inside_is_connected_to_by_its_number_or_by_a_name(listener: Listener) -> None:
    for address in INSIDE:
        host = f"[{address}]" if ":" in address else address
        by_number = run(sent(f"http://{host}:{listener.port}/", port=listener.port))[0]
        by_name = run(
            sent(f"http://shop.example:{listener.port}/", resolver=StubResolver([address]), port=listener.port)
        )
        for outcome in (by_number, *by_name):
            assert outcome.status is None
            assert "none of the internet" in outcome.error or "%" in address, (address, outcome.error)
    assert listener.seen == 0


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "0"])
def test_no_other_way_of_writing_this_machine_gets_there(listener: Listener, host: str) -> None:
    (outcome,) = run(sent(f"http://{host}:{listener.port}/", port=listener.port))

    assert outcome.status is None
    assert listener.seen == 0


def test_a_name_that_leads_elsewhere_at_the_second_look_is_refused(listener: Listener) -> None:
    """And so is every address of a name that has several."""
    url = f"http://shop.example:{listener.port}/"
    rebound = StubResolver(["203.0.113.9"], ["127.0.0.1"], ["127.0.0.1", "::1"])

    outcomes = run(sent(url, url, url, resolver=rebound, port=listener.port))

    assert all("none of the internet" in outcome.error for outcome in outcomes)
    assert listener.seen == 0


def test_no_port_but_those_of_https_is_connected_to(listener: Listener) -> None:
    (outcome,) = run(sent(f"http://8.8.8.8:{listener.port}/", port=443))

    assert "none of the internet" in outcome.error


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://127.0.0.1:{port}/", "/elsewhere"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(listener: Listener, status: int, target: str) -> None:
    async def send(receiver: Receiver) -> Outcome:
        async with unguarded_session() as session:
            return await send_post(post_to(receiver.url()), session)

    with receiver_running() as receiver:
        receiver.answer = lambda _: (status, {"Location": target.format(port=listener.port)})
        outcome = run(send(receiver))

    assert (outcome.status, outcome.is_success) == (status, False)
    assert len(receiver.came) == 1
    assert listener.seen == 0


def test_no_proxy_of_the_environment_is_asked(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.port}")

    (outcome,) = run(sent("http://192.0.2.1:81/", port=81))

    assert "none of the internet" in outcome.error
    assert listener.seen == 0


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def send(receiver: Receiver) -> Outcome:
        async with unguarded_session() as session:
            return await send_post(post_to(receiver.url()), session)

    with receiver_running() as receiver:
        receiver.text, receiver.answer = b"\0x" * 5_000_000, lambda _: (200, {"Content-Encoding": "gzip"})
        outcome = run(send(receiver))

    assert outcome.is_success
    assert len(outcome.answer) == 4 * 1024
    assert "\0" not in outcome.answer


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_none_of_the_internets(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://example.com/",
            "ftp://example.com/",
            "javascript:alert(1)",
            "//example.com/",
            "example.com",
            "https://",
        ),
        *(
            "https://example.com:80/",
            "https://example.com:8000/",
            "https://example.com:0/",
            "https://example.com:99999/",
        ),
        *(
            "https://example.com:/",
            "https://user:word@example.com/",
            "https://example.com@127.0.0.1/",
            "https://@example.com/",
        ),
        *("https://example.com/#part", "https://example.com/#", "https://exämple.com/", "https://example.com/ä"),
        *(
            "https://exam ple.com/",
            "https://example.com\\@127.0.0.1/",
            "https://example.com/\r\nX: y",
            "https://example.com/\0",
        ),
        *(
            "https://localhost/",
            "https://LOCALHOST/",
            "https://localhost./",
            "https://a.localhost/",
            "https://printer/",
        ),
        *("https://db.internal/", "https://nas.local/", "https://127.0.0.1/", "https://127.1/", "https://0x7f.0.0.1/"),
        *(
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fe80::1%25eth0]/",
        ),
        *(
            "https://[64:ff9b::1]/",
            "https://10.0.0.1/",
            "https://169.254.169.254/",
            "https://.example.com/",
            "https://-a.example.com/",
        ),
        *("https://example..com/", "https://[::1/", "https://" + "a" * 64 + ".example.com/"),
    ],
)
def test_an_address_that_nothing_may_be_sent_to_is_refused_when_it_is_saved(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_url(url)

    assert refused.value.data["errors"][0]["pointer"] == "/url"


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://example.com:8443/a?b=c", "https://xn--exmple-cua.com/%C3%A4", "https://8.8.8.8/"],
)
def test_an_address_of_the_internet_is_taken(url: str) -> None:
    check_url(url)


def test_what_the_operator_allows_is_taken(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_HOSTS = frozenset({"localhost:9000", "[::1]:9000"})

    check_url("http://localhost:9000/hook")
    check_url("http://[::1]:9000/hook")
    with pytest.raises(InvalidInput):
        check_url("http://localhost:9001/hook")
