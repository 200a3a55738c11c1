"""RFC 6901."""

LONGEST_STEP = 200


def step(key: object) -> str:
    """One step of a JSON pointer, without the slash before it; of a very long key the beginning."""
    return clip(str(key)).replace("~", "~0").replace("/", "~1")


def clip(text: str, limit: int = LONGEST_STEP) -> str:
    """What a fault repeats of a text that somebody sent: an answer must not grow with it."""
    return text if len(text) <= limit else f"{text[:limit]}…"
