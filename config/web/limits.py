"""What clients may take of the web server, and for how long."""

import resource
from dataclasses import dataclass

MIB = 1024 * 1024
SPARE_FILES = 512  # descriptors for everything that is not a client: database, logs, temporary files
MOST_CONNECTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one web process. Times are in seconds, rates in bytes a second, sizes in bytes."""

    header_seconds: float = 10.0  # from the connection, or the first byte of a further request, to the last header
    idle_seconds: float = 75.0  # between two requests; longer than proxies keep an idle connection (nginx: 60)
    window_seconds: float = 10.0  # in each, a body or an answer must come on at the rate below
    least_rate: int = 8 * 1024
    body_seconds: float = 300.0  # for the whole of a body, however fast it comes
    slow_body_seconds: float = 2.0  # a body that takes longer counts for its address
    linger_seconds: float = 5.0  # for a refused client to read why, while it may still be sending
    queue_seconds: float = 15.0  # for a complete request to wait for a thread
    stuck_seconds: float = 60.0  # all threads busy with the same requests for so long: the process is replaced
    silent_seconds: float = 60.0  # an event loop that does not turn: the process is replaced
    start_seconds: float = 300.0  # until it first turns
    drain_seconds: float = 0.0  # after SIGTERM, to serve as ever while /readyz says no
    stop_seconds: float = 8.0  # for requests under way
    hand_over_seconds: float = 25.0  # the same where another server has taken over, and nobody waits for this one
    goodbye_seconds: float = 4.0  # for an idle connection to ask once more when another server has taken over

    header_bytes: int = 64 * 1024
    headers: int = 100
    body_bytes: int = 3 * MIB
    upload_bytes: int = 52 * MIB  # below /admin/: files to import
    picture_bytes: int = 11 * MIB  # where a route of the API takes one: API_MAX_UPLOAD_BYTES
    linger_bytes: int = 8 * MIB
    held_bytes: int = 512 * MIB  # of all bodies that are here or on their way

    waiting: int = 1_000  # complete requests that wait for a thread
    connections: int = MOST_CONNECTIONS
    connections_per_address: int = 2_000
    slow_bodies_per_address: int = 32


def allow_many_files() -> int:
    """Raise the limit of open files as far as this user may, and return how many clients fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(64, min(MOST_CONNECTIONS, soft - SPARE_FILES))
