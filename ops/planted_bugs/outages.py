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
)
