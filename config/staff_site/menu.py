"""The menu of a colleague, and the lists that stand above a list."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.staff_site.menu_entries import GROUPS, HOME, MenuEntry, MenuLink


def _all_links() -> Iterator[MenuLink]:
    return (link for _title, _folded, entries in GROUPS for entry in entries for link in entry.links)


def _open_link(request: HttpRequest) -> MenuLink | None:
    """The link that leads nearest to this page: the deals' board stands below the address of their list."""
    home = HOME.links[0].url
    if request.path == home:
        return HOME.links[0]
    beside = [link for link in _all_links() if link.url != home and link.is_near(request)]
    return max(beside, key=lambda link: len(link.url), default=None)


def lists_beside(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands above a list: the lists of its entry of the menu, if the colleague may see more than one."""
    here = _open_link(request)
    entry = next((one for _title, _folded, entries in GROUPS for one in entries if here in one.links), None)
    links = entry.links_for(request) if entry is not None else []
    counted = counts_of(request) if len(links) > 1 else {}
    shown = [
        {"title": link.title, "url": link.address, "is_here": link == here, "count": counted.get(link.url, 0)}
        for link in links
    ]
    return shown if len(shown) > 1 else []


def counts_of(request: HttpRequest) -> dict[str, int]:
    """By address, what waits there; counted once for a page, which shows it in the menu and above its list."""
    known: dict[str, int] | None = request.__dict__.get("waiting_counts")
    if known is None:
        known = request.__dict__["waiting_counts"] = _count_what_waits(request)
    return known


def _count_what_waits(request: HttpRequest) -> dict[str, int]:
    """Payments to give back, open disputes, levels to refill, and endpoints that nothing is sent to any more."""
    from catalog.seller_access import sellers_of
    from crm.reads.low_stock import count_low_stock
    from crm.reads.waiting import count_open_disputes, count_refunds_due
    from webhooks.endpoints.given_up import count_given_up

    may = request.user.has_perm
    counts: dict[str, Callable[[], int]] = {}
    if may("orders.view_payment"):
        counts["orders_payment"] = count_refunds_due
    if may("orders.view_dispute"):
        counts["orders_dispute"] = count_open_disputes
    if may("inventory.adjust_stock") and sellers_of(request.user) is None:
        counts["inventory_stocklevel"] = count_low_stock
    if may("webhooks.view_endpoint"):
        counts["webhooks_endpoint"] = count_given_up
    return {reverse(f"admin:{name}_changelist"): count() for name, count in counts.items()}


def menu_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar of a colleague: entries without a list that they may see are left out, and so are empty groups."""
    here, counts = _open_link(request), counts_of(request)
    groups = []
    for title, is_folded, entries in GROUPS:
        items = [item for entry in entries if (item := _item_of(entry, request, here, counts))]
        if items:
            groups.append({"title": title, "separator": True, "collapsible": is_folded, "items": items})
    return groups


def _item_of(
    entry: MenuEntry, request: HttpRequest, here: MenuLink | None, counts: dict[str, int]
) -> dict[str, Any] | None:
    links = entry.links_for(request)
    if not links:
        return None
    waiting = sum(counts.get(link.url, 0) for link in links)
    colour = "warning" if entry.icon == "warehouse" else "danger"
    badge = {"badge": str(waiting), "badge_variant": colour} if waiting else {}
    return {
        "title": entry.title,
        "icon": entry.icon,
        "link": links[0].address,
        "active": here in entry.links,
        **badge,
    }
