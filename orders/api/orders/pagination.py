"""Pages of orders whose filter no single stretch of an index serves."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request

from catalog.seller_access import sellers_of
from orders.reads.newest import Stretch, newest_active_ids, newest_ids_of_kind, newest_ids_worth, newest_item_ids
from orders.reads.orders import listed_by_seller
from shared.api.pagination import NewestFirst
from shared.api.principal import customer_id_of, is_staff

# Filters, alone or together, with an index of their own whose fields stand in this order.
_KINDS = {("customer",), ("status",), ("payment_status",), ("customer", "status")}


class OrderPages(NewestFirst):
    """As NewestFirst, but where a filter alone needs a way of its own (orders.reads.newest), the ids of the page are
    found that way first; and a seller's orders are put in order by its listed lines, which is the same order."""

    def narrow(self, queryset: Any, request: Request, view: Any) -> Any:
        ids = self._ids_of_page(queryset, request, view)
        return queryset if ids is None else view.get_all().filter(pk__in=ids)

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        first, *rest = super().get_ordering(request, queryset, view)
        if listed_by_seller(queryset):
            first = first.replace("created_at", "listed_at")
        return (first, *rest)

    def _ids_of_page(self, queryset: QuerySet, request: Request, view: Any) -> Sequence[UUID] | None:
        """Ids of orders that whoever asks may see. None: the list reads an index as it is, or is a combination that
        none was built for."""
        # Their lists have an index of their own, by seller.
        if sellers_of(request.user) is not None:
            return None
        # Copied: what is taken out below is the view's.
        filters = dict(view.filtered_by)
        stretch = self._stretch_of_page(queryset, request, view)
        if view.action == "active":
            return newest_active_ids(stretch) if not filters else None
        if filters.keys() == {"min_total"} and is_staff(request):
            return newest_ids_worth(filters["min_total"], stretch)
        since, until = filters.pop("created_after", None), filters.pop("created_before", None)
        # A customer's list is the one filtered by customer; naming somebody else finds nothing, by the plain way.
        if not is_staff(request) and filters.setdefault("customer", own := customer_id_of(request)) != own:
            return None
        # A login that is no customer has nothing to find, and a combination without an index is no shorter this way.
        if None in filters.values() or tuple(sorted(filters)) not in _KINDS:
            return None
        kind = {"customer_id" if name == "customer" else name: value for name, value in sorted(filters.items())}
        return newest_ids_of_kind(stretch, since=since, until=until, **kind)

    def _stretch_of_page(self, queryset: QuerySet, request: Request, view: Any) -> Stretch:
        ascending = not self.get_ordering(request, queryset, view)[0].startswith("-")
        return _stretch(self, request, ascending)


class ItemPages(NewestFirst):
    """As NewestFirst; the lines of sellers, asked for alone or all that whoever asks reaches, are found by the sellers'
    own index."""

    def narrow(self, queryset: Any, request: Request, view: Any) -> Any:
        if not is_staff(request) or view.filtered_by.keys() - {"seller"}:
            return queryset
        own, asked = sellers_of(request.user), view.filtered_by.get("seller")
        sellers = own if asked is None else [asked] if own is None or asked in own else []
        if sellers is None:
            return queryset
        return view.get_all().filter(pk__in=newest_item_ids(sellers, _stretch(self, request, ascending=False)))


def _stretch(pages: NewestFirst, request: Request, ascending: bool) -> Stretch:
    # One more than a page, by which the paginator knows that there is a next one; backwards pages are read backwards.
    offset, backwards, position = pages.decode_cursor(request) or (0, False, None)
    return Stretch(offset + pages.get_page_size(request) + 1, ascending != backwards, position)
