"""All that System shows, in its order."""

from collections.abc import Sequence

from config.metrics.states import States
from config.upkeep.database import database_parts, health_part
from config.upkeep.operations import operations_part
from config.upkeep.report import ReadPart, read_parts
from config.upkeep.states import state_parts


def read_system() -> Sequence[ReadPart]:
    """Some twenty bounded statements."""
    samples = States(keeps_connection=True).read()  # each by itself already, so in no transaction
    return list(read_parts((health_part(), *state_parts(samples), operations_part(), *database_parts())))
