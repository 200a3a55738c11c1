"""Where a database is and how it is talked to, as Django wants it."""

from typing import Any, Final

from psycopg.conninfo import conninfo_to_dict

from config.environment.variables import Env

_URL_PARTS: Final = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
# How the server finds out about a client that is gone; below the same for Kontor and a server that is.
_OF_THE_WAY: Final = {
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database_settings(
    env: Env, limits: dict[str, Any], url: str, *, takes_writes: bool = True, pooled: bool = False
) -> dict[str, Any]:
    """The database of that URL; "": the embedded PostgreSQL, which starts at the first connection. `limits`: of a
    session. `pooled`: each transaction may have another session."""
    common: dict[str, Any] = {
        "ENGINE": "shared.database.backend",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": None},
    }
    asked = " ".join(f"-c {name}={value}" for name, value in (limits | _OF_THE_WAY).items())
    # Prepared statements: planning an order's statements again each time cost a quarter of its database time.
    options: dict[str, Any] = {
        "application_name": "kontor",
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "server_side_binding": True,
        "prepare_threshold": 3 if env.database_prepared_statements else None,
    }
    if not url:
        options["options"] = asked
        return {**common, "NAME": "kontor", "EMBEDDED_HOME": env.kontor_home, "OPTIONS": options}
    parts = {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    named = {key: str(parts.pop(name, "")) for key, name in _URL_PARTS.items()}
    if "," in named["HOST"] or not takes_writes:  # there is another one: a machine that hangs is not worth the wait
        options["connect_timeout"] = 2
    if "," in named["HOST"] and takes_writes:
        options["target_session_attrs"] = "read-write"
    options |= parts
    if pooled:
        common |= {"DISABLE_SERVER_SIDE_CURSORS": True, "SESSIONS_SHARED": True}
        return {**common, **named, "OPTIONS": options}
    options["options"] = f"{asked} {parts.get('options', '')}".strip()
    return {**common, **named, "OPTIONS": options}
