"""Screenshots of the admin's main pages, for docs/images and for looking at before a release.

    python ops/screenshots.py --email admin@example.com --password … [--url http://127.0.0.1:8000] [--out docs/images]

Needs a running Kontor with the demo shop, and Chromium. Changes nothing: it only opens pages.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}

# file name: where to go; "first: <list> <part>" opens the first row of a list, and a page behind it
PAGES = {
    "dashboard": "/admin/",
    "orders": "/admin/orders/order/",
    "order": "first: /admin/orders/order/",
    "order-add": "/admin/orders/order/add/",
    "order-pay": "first: /admin/orders/order/?status__exact=PENDING confirm_payment/",
    "order-cancel": "first: /admin/orders/order/?status__exact=PENDING cancel/",
    "payments": "/admin/orders/payment/",
    "products": "/admin/catalog/product/",
    "product": "first: /admin/catalog/product/",
    "variants": "/admin/catalog/variant/",
    "stock-levels": "/admin/inventory/stocklevel/",
    "stock-level": "first: /admin/inventory/stocklevel/",
    "stock-adjust": "first: /admin/inventory/stocklevel/?q=KI-TOW adjust_stock/",
    "ledger": "/admin/inventory/stockmovement/",
    "customers": "/admin/users/customer/",
    "customer-page": "first: /admin/users/customer/?q=bea",
    "leads": "/admin/crm/lead/",
    "deals": "/admin/crm/deal/",
    "deal": "first: /admin/crm/deal/",
    "tasks": "/admin/crm/task/",
    "board": "/admin/crm/deal/board/",
    "segments": "/admin/crm/segment/",
    "duplicates": "/admin/crm/duplicatepair/",
    "changes": "/admin/shared/recordchange/",
    "my-settings": "/admin/my-settings/",
    "imports": "/admin/exchange/import/",
    "import-add": "/admin/exchange/import/add/",
    "users": "/admin/users/user/",
    "api-key-add": "/admin/users/apikey/add/",
    "nothing-found": "/admin/users/customer/?q=zzzz",
}


@dataclass(frozen=True, slots=True)
class Look:
    width: str
    theme: str

    @property
    def suffix(self) -> str:
        return f"{self.width}-{self.theme}"


def looks(widths: list[str], themes: list[str]) -> Iterator[Look]:
    return (Look(width, theme) for width in widths for theme in themes)


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    page.goto(f"{url}/admin/login/")
    page.fill("#id_username", email)
    page.fill("#id_password", password)
    page.click("#login-form button[type=submit]")
    page.wait_for_url(re.compile(r"/admin/$"))


def open_page(page: Page, url: str, target: str) -> bool:
    """Whether there is such a page: a list may be empty."""
    if not target.startswith("first: "):
        page.goto(url + target)
        return True
    listed, _, part = target.removeprefix("first: ").partition(" ")
    page.goto(url + listed)
    link = page.locator("#result_list tbody th a").first
    if link.count() == 0:
        return False
    found = str(link.get_attribute("href")).partition("?")[0]
    page.goto(url + (re.sub(r"change/$", "", found) + part if part else found))
    return True


def shoot(browser: Browser, look: Look, args: argparse.Namespace) -> None:
    width, height = WIDTHS[look.width]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=look.theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{args.url}/admin/login/")
    page.screenshot(path=args.out / f"login-{look.suffix}.png")
    sign_in(page, args.url, args.email, args.password)
    for name, target in PAGES.items():
        if args.only and name not in args.only:
            continue
        if open_page(page, args.url, target):
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(400)  # the chart draws itself
            page.screenshot(path=args.out / f"{name}-{look.suffix}.png", full_page=args.full)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "docs" / "images")
    parser.add_argument("--widths", nargs="+", choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--themes", nargs="+", choices=["light", "dark"], default=["light", "dark"])
    parser.add_argument("--only", nargs="+", choices=PAGES, help="Some of the pages.")
    parser.add_argument("--full", action="store_true", help="The whole page, not what fits the window.")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in looks(args.widths, args.themes):
            shoot(browser, look, args)
        browser.close()


if __name__ == "__main__":
    main()
