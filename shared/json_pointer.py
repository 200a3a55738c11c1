"""RFC 6901."""


def step(key: object) -> str:
    """One step of a JSON pointer, without the slash before it."""
    return str(key).replace("~", "~0").replace("/", "~1")
