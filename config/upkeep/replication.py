"""Who follows this server, who keeps its log, and how the configured replicas are."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.upkeep.report import Level, Line, Part, duration, size
from config.upkeep.rows import rows_of
from shared.concurrency.read_index import PrimaryAway, PrimaryRefuses, primary_mark
from shared.database.replica import AskedReplica, ask_replicas

_LAG_SECONDS, _SLOT_BYTES = 30.0, 1 << 30
_WAIT_SECONDS = 0.5  # for a replica that is a moment behind
# Where a server is that follows another one itself, or none.
_HERE = """
SELECT coalesce(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, '0/0')
"""
# Of those that read the log only what replays it is a replica: backups and pg_receivewal do not. Without pg_monitor a
# role does not see which is which.
_FOLLOWERS = """
SELECT coalesce(nullif(application_name, ''), host(client_addr), 'local'), state, sync_state,
       extract(epoch FROM replay_lag), pg_wal_lsn_diff(%(here)s::pg_lsn, replay_lsn)
FROM pg_stat_replication WHERE state IS NULL OR state <> 'backup' AND replay_lsn IS NOT NULL
ORDER BY 1 LIMIT %(most)s
"""
_SLOTS = """
SELECT slot_name, active, pg_wal_lsn_diff(%(here)s::pg_lsn, restart_lsn) FROM pg_replication_slots
WHERE restart_lsn IS NOT NULL ORDER BY 3 DESC NULLS LAST LIMIT %(most)s
"""

Asked = Sequence[AskedReplica] | None


def ask_configured() -> Asked:
    """Each of DATABASE_REPLICA_URLS, whether it has what the primary has; None: there is no primary to compare with.
    Waits for the network: not to be called in a transaction."""
    if not settings.DATABASE_REPLICAS:
        return ()
    try:
        mark = primary_mark()
    except (PrimaryAway, PrimaryRefuses):
        return None
    return ask_replicas(settings.DATABASE_REPLICAS, mark, within=_WAIT_SECONDS)


def replication_part(asked: Asked) -> Part:
    title = gettext_lazy("Replication")
    return Part("replication", title, lambda: _configured(asked), details=(_followers, _slots))


def _configured(asked: Asked) -> Iterator[Line]:
    """They need not follow this server itself: another replica, or the provider, may pass its changes on."""
    if asked is None:
        yield Line(Level.UNKNOWN, _("Configured replicas"), _("not read"), _("There is no primary to compare with."))
        return
    if not asked:
        yield Line(Level.GOOD, _("Configured replicas"), _("none"))
    for replica in asked:
        what = _("Replica %(address)s") % {"address": replica.address}
        if replica.has_replayed:
            yield Line(Level.GOOD, what, _("has what the primary has"))
        elif replica.has_replayed is None:
            advice = _("DATABASE_REPLICA_URLS names it: its reads go to the primary. Is it there, and a replica?")
            yield Line(Level.ACT, what, _("does not answer"), advice)
        elif replica.hides_its_timeline:
            advice = _("It is not read until its role may see whom it follows: GRANT pg_read_all_stats.")
            yield Line(Level.LOOK, what, _("unknown"), advice)
        else:
            advice = _("Its reads go to the primary: its disk, its network, a long read on it, or another primary.")
            yield Line(Level.LOOK, what, _("is behind"), advice)


def _followers() -> Iterator[Line]:
    for name, state, sync, seconds, behind in rows_of(_FOLLOWERS, here=_here()):
        if state is None:
            role = connection.settings_dict["USER"] or "…"
            yield Line(Level.UNKNOWN, name, _("unknown"), _("Who it is is seen after GRANT pg_monitor TO %s.") % role)
            continue
        is_late = state != "streaming" or float(seconds or 0) > _LAG_SECONDS
        figure = ", ".join([state, sync, duration(float(seconds or 0)), size(float(behind or 0))])
        advice = _("It is far behind: its disk, its network, or a long read on it.") if is_late else ""
        yield Line(Level.LOOK if is_late else Level.GOOD, name, figure, advice)


def _slots() -> Iterator[Line]:
    for name, is_active, kept in rows_of(_SLOTS, here=_here()):
        is_dead = not is_active and float(kept or 0) > _SLOT_BYTES
        advice = _("Nobody reads it and it keeps the log: SELECT pg_drop_replication_slot(…).") if is_dead else ""
        state = _("in use") if is_active else _("idle")
        level = Level.ACT if is_dead else Level.GOOD
        yield Line(level, f"{_('Slot')} {name}", f"{state}, {size(float(kept or 0))}", advice)


def _here() -> str:
    ((position,),) = rows_of(_HERE)
    return str(position)
