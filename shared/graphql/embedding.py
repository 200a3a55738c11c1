"""Rows that REST shows within another row."""

from shared.graphql.rows import Level, Row


def rows_within(row: Row, name: str) -> list[Row]:
    """The rows that REST shows in `row[name]`, as one level with those within all the rows of its level."""
    return row.level.once(("within", name), lambda: _divide(row.level, name))[id(row)]


def _divide(level: Level, name: str) -> dict[int, list[Row]]:
    inner = Level([each for row in level.rows for each in row[name]])
    waiting = iter(inner.rows)
    return {id(row): [next(waiting) for _each in row[name]] for row in level.rows}
