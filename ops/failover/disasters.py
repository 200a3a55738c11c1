"""What happens to the cluster while orders are placed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ops.failover.cluster import Cluster, wait_for
from ops.failover.load import Load
from ops.failover.member import Member

FROZEN_LEADER_SECONDS: Final = 60
FROZEN_STANDBYS_SECONDS: Final = 25
UNSENT_ORDERS: Final = 60
PATIENCE_SECONDS: Final = 180


def kill_leader(cluster: Cluster, load: Load) -> None:
    leader = cluster.leader()
    leader.kill()
    _wait_for_another(cluster, leader)
    load.wait_for_orders(1, seconds=PATIENCE_SECONDS)
    leader.start()


def switch_over(cluster: Cluster, load: Load) -> None:
    before = cluster.leader()
    cluster.switch_over()
    _wait_for_another(cluster, before)


def freeze_leader(cluster: Cluster, load: Load) -> None:
    leader = cluster.leader()
    thaws_at = time.monotonic() + FROZEN_LEADER_SECONDS
    leader.freeze()
    _wait_for_another(cluster, leader)
    time.sleep(max(0.0, thaws_at - time.monotonic()))
    leader.thaw()


def freeze_standbys(cluster: Cluster, load: Load) -> None:
    standbys = cluster.standbys()
    for standby in standbys:
        standby.freeze()
    time.sleep(FROZEN_STANDBYS_SECONDS)
    for standby in standbys:
        standby.thaw()


def kill_asynchronous_leader(cluster: Cluster, load: Load) -> None:
    """The control: a leader that waits for no standby is cut off, goes on selling, and dies."""
    leader = cluster.leader()
    leader.freeze_stream()
    load.wait_for_orders(UNSENT_ORDERS, seconds=PATIENCE_SECONDS)
    leader.kill()
    _wait_for_another(cluster, leader)
    load.wait_for_orders(1, seconds=PATIENCE_SECONDS)
    leader.start()


def _wait_for_another(cluster: Cluster, before: Member) -> None:
    """While the one before is still away: without it a drill in which nothing fails over would pass."""
    wait_for(lambda: cluster.leader() is not before, "another one leads", seconds=PATIENCE_SECONDS)


@dataclass(frozen=True)
class Disaster:
    """`gap`: how long nobody may be able to order, in seconds. `must_lose`: it is there to show that a loss is seen."""

    name: str
    cause: Callable[[Cluster, Load], None]
    gap: float
    must_lose: bool = False


KILLED: Final = Disaster("leader killed", kill_leader, 30)
EVERY: Final = (
    KILLED,
    Disaster("leader killed again", kill_leader, 30),
    Disaster("switchover", switch_over, 6),
    Disaster("leader frozen for 60 s", freeze_leader, 30),
    Disaster("standbys frozen for 25 s", freeze_standbys, 30),
)
CONTROL: Final = Disaster("control: asynchronous", kill_asynchronous_leader, 30, must_lose=True)
