"""The two clients: `Kontor` waits, `AsyncKontor` is awaited."""

from __future__ import annotations

from types import TracebackType

import httpx

from kontor.api_client.client import AuthenticatedClient
from kontor.async_operations import AsyncOperations
from kontor.operations import Operations
from kontor.transport import PATIENT, AsyncPatientTransport, Patience, PatientTransport


def _signed_in(
    url: str, api_key: str, timeout: float, transport: httpx.BaseTransport | httpx.AsyncBaseTransport
) -> AuthenticatedClient:
    return AuthenticatedClient(
        base_url=url.rstrip("/"),
        token=api_key,
        prefix="Api-Key",
        timeout=httpx.Timeout(timeout),
        httpx_args={"transport": transport},
    )


class Kontor(Operations):
    """`url` is the shop's, as in https://shop.example; `timeout` is seconds for one try."""

    def __init__(self, url: str, api_key: str, *, timeout: float = 20.0, patience: Patience = PATIENT) -> None:
        self._client = _signed_in(url, api_key, timeout, PatientTransport(patience))

    def __enter__(self) -> Kontor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.get_httpx_client().close()


class AsyncKontor(AsyncOperations):
    """As `Kontor`, for asyncio."""

    def __init__(self, url: str, api_key: str, *, timeout: float = 20.0, patience: Patience = PATIENT) -> None:
        self._client = _signed_in(url, api_key, timeout, AsyncPatientTransport(patience))

    async def __aenter__(self) -> AsyncKontor:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._client.get_async_httpx_client().aclose()
