"""How long an entry of the timeline may be."""

MAX_TEXT_LENGTH = 10_000
MAX_SUBJECT_LENGTH = 200
