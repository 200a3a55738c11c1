"""What is available of some variants, at once and when it changes: for everybody, as the catalogue shows it."""

import asyncio
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from django.db.models import Q

from catalog.models.variant import Variant
from events.live.entries import Entry
from events.live.hub import Hub
from events.live.streams import Sink
from events.live.threads import Threads
from inventory.availability import available_units, stock_version
from shared.errors import NotFound
from shared.planner.lookups import one_of

MOST_VARIANTS: Final = 200  # of one stream
# A variant's changes within so long are told as one.
PAUSE_SECONDS: Final = 1.0
# Locations and sellers that are switched off or on are no events: all that is watched is looked at now and then.
LOOK_AGAIN_SECONDS: Final = 10.0
LOT: Final = 500


class Stock(NamedTuple):
    available: int
    version: int
    sse: bytes


class StockHub:
    def __init__(self, hub: Hub, reads: Threads) -> None:
        self._hub = hub
        self._reads = reads
        self._watched: dict[UUID, set[StockStream]] = {}
        self._known: dict[UUID, Stock] = {}
        self._changed: set[UUID] = set()  # variants, or products
        self._turn: list[UUID] = []
        hub.tell.append(self._note)

    def _note(self, entries: list[Entry]) -> None:
        for entry in entries:
            event = entry.event
            if event.type == "stock.changed":
                self._changed.add(UUID(event.data["variant"]))
            elif event.aggregate_type in ("variant", "product"):
                self._changed.add(event.aggregate_id)

    async def run(self) -> None:
        """For ever."""
        rounds = 0
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            rounds += 1
            changed, self._changed = self._changed, set()
            if not self._watched:
                continue
            if changed:
                await self._look_at(changed)
            if rounds % round(LOOK_AGAIN_SECONDS / PAUSE_SECONDS) == 0:
                self._turn = self._turn or list(self._watched)
                lot, self._turn = self._turn[:LOT], self._turn[LOT:]
                await self._look_at(set(lot))

    async def _look_at(self, changed: set[UUID]) -> None:
        wanted = list(changed)
        for lot in (wanted[start : start + LOT] for start in range(0, len(wanted), LOT)):
            for variant_id, stock in (await self._reads.insist(_read_stock, lot)).items():
                if variant_id in self._watched:
                    self._learn(variant_id, stock)

    def _learn(self, variant_id: UUID, stock: Stock) -> None:
        """Tell whoever watches, unless something newer is known."""
        known = self._known.get(variant_id)
        if known is not None and (known.version > stock.version or known[:2] == stock[:2]):
            return
        self._known[variant_id] = stock
        for stream in self._watched.get(variant_id, ()):
            stream.tell(variant_id)

    async def watch(self, sink: Sink, variant_ids: Collection[UUID]) -> "StockStream":
        """Raises NotFound naming the variants that there are not. The hub is listening already."""
        found = await self._reads.run(_read_stock, list(variant_ids))
        missing = [str(one) for one in variant_ids if one not in found]
        if missing:
            raise NotFound(f"There is no variant {', '.join(missing[:5])}.")
        for variant_id in variant_ids:
            self._learn(variant_id, found[variant_id])
        stream = StockStream(self, sink, list(variant_ids))
        for variant_id in variant_ids:
            self._watched.setdefault(variant_id, set()).add(stream)
        self._changed |= set(variant_ids)  # what changed while it was read
        return stream

    def stock_of(self, variant_id: UUID) -> bytes:
        return self._known[variant_id].sse

    def leave(self, stream: "StockStream", variant_ids: Iterable[UUID]) -> None:
        for variant_id in variant_ids:
            watching = self._watched[variant_id]
            watching.discard(stream)
            if not watching:
                del self._watched[variant_id], self._known[variant_id]
        self._hub.unlisten()


class StockStream:
    """State, not history: a slow reader is told the latest of each variant."""

    __slots__ = ("_hub", "_sink", "_untold", "_variants")

    def __init__(self, hub: StockHub, sink: Sink, variants: list[UUID]) -> None:
        self._hub = hub
        self._sink = sink
        self._variants = variants
        self._untold = dict.fromkeys(variants)

    def tell(self, variant_id: UUID) -> None:
        self._untold[variant_id] = None
        self.resume()

    def resume(self) -> None:
        while self._untold and not self._sink.is_paused and self._sink.is_open:
            variant_id = next(iter(self._untold))
            del self._untold[variant_id]
            self._sink.write(self._hub.stock_of(variant_id))

    def beat(self) -> None:
        if not self._sink.is_paused:
            self._sink.write(b":\n\n")

    def close(self) -> None:
        self._hub.leave(self, self._variants)


def _read_stock(ids: list[UUID]) -> dict[UUID, Stock]:
    """Of the variants with these ids, and of those products' variants. What is not for sale has none available."""
    asked: Any = Q(one_of("pk", ids)) | Q(one_of("product_id", ids))
    rows = Variant.objects.annotate(available=available_units(), changes=stock_version()).filter(asked).order_by()
    found = rows.values_list("pk", "available", "changes", "is_active", "product__is_active")
    return {pk: _stock(pk, units if for_sale and sold else 0, changes) for pk, units, changes, for_sale, sold in found}


def _stock(variant_id: UUID, available: int, version: int) -> Stock:
    body = orjson.dumps({"variant": variant_id, "available": available, "version": version})
    return Stock(available, version, b"data: %s\n\n" % body)
