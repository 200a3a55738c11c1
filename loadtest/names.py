"""What requests are called in Locust's statistics: what they do and in which stage of the profile."""

PLACE, SOLD_OUT, PAY, CANCEL = "place", "place, sold out", "pay", "cancel"
BROWSE, LOOK_AGAIN = "browse", "look again"
_BETWEEN = " @ "


def request_name(what: str, stage: str) -> str:
    return f"{what}{_BETWEEN}{stage}"


def split_name(name: str) -> tuple[str, str]:
    """What and stage."""
    what, _, stage = name.partition(_BETWEEN)
    return what, stage
