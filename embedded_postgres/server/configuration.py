"""Settings for a small machine: durable, patient with bursts, talkative when slow."""

import os
from collections.abc import Mapping
from pathlib import Path

PORT = 5432  # names the socket file; nothing listens on TCP
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
TUNING = {
    "max_connections": "200",
    "work_mem": "8MB",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",  # a week of logs, one file a day
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_duration_statement": "250ms",
    "log_parameter_max_length": "0",  # the values are people's: whoever is erased must not stay in a log
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %q%u@%d %a ",
    "cluster_name": "kontor",
    "max_slot_wal_keep_size": "2GB",  # a stream to backups that is away must not fill the disk
}


def server_settings(*, socket: Path, log: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Every setting the server is started with; `extra` wins over the tuning, not over where things are."""
    memory = memory_bytes() // 2**20
    sized = {
        "shared_buffers": f"{256 if memory >= 2048 else max(32, memory // 8)}MB",
        "effective_cache_size": f"{max(64, memory // 2)}MB",
        "maintenance_work_mem": f"{min(128, max(16, memory // 16))}MB",
    }
    fixed = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "log_directory": str(log),
    }
    return TUNING | sized | dict(extra) | fixed


def socket_file(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def memory_bytes() -> int:
    """The machine's memory, or what this container may use of it."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = CGROUP_LIMIT.read_text(encoding="ascii").strip() if CGROUP_LIMIT.exists() else "max"
    return min(total, int(limit)) if limit.isdigit() else total


def clean_environment() -> dict[str, str]:
    """The environment for PostgreSQL's programs: PGPORT and its kin would point them elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
