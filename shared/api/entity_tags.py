"""The lists of entity tags that If-Match and If-None-Match carry (RFC 9110, 8.8.3 and 13.1)."""

import re

# A comma may stand in a tag, and empty members in a list: a split by commas would read neither.
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = re.compile(rf"[\s,]*{_TAG}(?:\s*,[\s,]*{_TAG})*[\s,]*")
_EACH = re.compile(_TAG)


def parse_tags(sent: str) -> list[str]:
    """The tags of the header as they were sent, weak ones (W/) too; none where it is no list of tags."""
    return _EACH.findall(sent) if _LIST.fullmatch(sent) else []


def strong_tags(sent: str) -> list[str] | None:
    """Those that If-Match can fit: a weak one fits nothing. None where it is no list of tags."""
    tags = parse_tags(sent)
    return [tag for tag in tags if not tag.startswith("W/")] if tags else None
