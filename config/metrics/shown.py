"""Which process shows the metrics. Knows nothing of Django: the supervisor reads it, too."""

import os
from typing import Final

# Set by the supervisor for all but the web server, whose extra process shows the numbers of all.
SHOWN_ELSEWHERE: Final = "KONTOR_METRICS_SHOWN_ELSEWHERE"


def shows_metrics(port: int) -> bool:
    """Whether this process is to show them, given METRICS_PORT."""
    return bool(port) and not os.environ.get(SHOWN_ELSEWHERE)
