"""Counts what a colleague does, and how many pages they see on the way."""

from typing import Any

from playwright.sync_api import Frame, Page


class Hands:
    """A step is a click, a key, a field that is filled. `pages` are those that were opened since it was made."""

    def __init__(self, page: Page) -> None:
        self.page, self.steps, self.pages = page, 0, 0
        page.on("framenavigated", self._count)

    def _count(self, frame: Frame) -> None:
        self.pages += frame.parent_frame is None

    def click(self, name: str, role: Any = "button") -> None:
        self.steps += 1
        # Of a link its icon's name is part of the name.
        self.page.get_by_role(role, name=name, exact=role == "button").first.click()

    def choose_more(self, name: str) -> None:
        """Under the page's More."""
        self.steps += 2
        self.page.locator(".k-more > summary").first.click()
        self.page.locator(".k-more-list a", has_text=name).first.click()

    def fill(self, label: str, text: str, *, exact: bool = True) -> None:
        """`exact` is False where a star stands behind the label."""
        self.steps += 1
        self.page.get_by_label(label, exact=exact).first.fill(text)

    def check(self, label: str, *, exact: bool = True) -> None:
        self.steps += 1
        self.page.get_by_label(label, exact=exact).first.check()

    def press(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Into what has the focus; a scanner ends with Enter, which is part of the scan."""
        self.steps += 1
        self.page.keyboard.type(text)

    def pick(self, field: str, text: str) -> None:
        """Out of a picker: opened, searched, and the first that is found taken."""
        self.steps += 3
        self.page.locator(f"select[name={field}] + .select2").click()
        self.page.locator(".select2-search__field").fill(text)
        self.page.locator(".select2-results__option--highlighted", has_text=text).click()

    def check_budget(self, *, steps: int, pages: int) -> None:
        """No more than these; what it took is said where it was more."""
        assert (self.steps <= steps, self.pages <= pages) == (True, True), (self.steps, self.pages)
