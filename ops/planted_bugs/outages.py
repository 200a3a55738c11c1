"""Bugs of what happens when servers freeze, fall behind, or lose one another."""

from ops.planted_bugs.bug import Bug, one_edit

_FAILOVER = "tests/outages/test_failover.py"
_BOUNDED = "shared/database/backend/bounded.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "a replica is read whatever it has replayed",
        "tests/outages/test_replicas.py",
        "shared/database/replica.py",
        "pg_last_wal_replay_lsn() >= %s::pg_lsn",
        "%s::pg_lsn IS NOT NULL",
    ),
    one_edit(
        "a commit that its standby does not have is a success",
        _FAILOVER,
        _BOUNDED,
        "        warned._is_unreplicated = True\n",
        "        del warned\n",
    ),
    one_edit(
        "what one server alone has is acknowledged when it is found again",
        _FAILOVER,
        "shared/database/transactions.py",
        "                _wait_for_standby()\n",
        "                pass\n",
    ),
    one_edit(
        "a worker goes on when the work on one of its queues has ended",
        "tests/outages/test_worker_without_database.py",
        "config/processes/worker.py",
        "return_when=asyncio.FIRST_COMPLETED",
        "return_when=asyncio.ALL_COMPLETED",
    ),
    one_edit(
        "without a primary a replica is read however old it is",
        "tests/outages/test_replicas.py",
        "shared/database/replica.py",
        "COALESCE(pg_last_xact_replay_timestamp() >= now() - make_interval(secs => %s), false)",
        "%s::float8 IS NOT NULL",
    ),
    one_edit(
        "a primary that refuses counts as away",
        "tests/outages/test_replicas.py",
        "shared/concurrency/read_index.py",
        "not is_silent and _is_there(error)",
        "not is_silent and not _is_there",
    ),
    one_edit(
        "a signal that comes twice ends the draining",
        "tests/config/web/test_draining.py",
        "config/web/event_loop.py",
        "elif now - self._told_at >= REPEAT_SECONDS:",
        "else:",
    ),
    one_edit(
        "a queue's worker is watched from its first heartbeat on",
        "tests/outages/test_worker_without_database.py",
        "config/processes/worker.py",
        "connector.watch(queues)",
        'connector.watch(["mail"])',
    ),
)
