"""A separate server for tests and benchmarks, gone with its data after the `with` block."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from embedded_postgres.errors import EmbeddedPostgresError
from embedded_postgres.home.places import fallback_base
from embedded_postgres.lifecycle import bin_dir, ensure_running, release, stop
from embedded_postgres.server.roles import DATABASE_USER, SUPERUSER


class EmbeddedServer:
    """`with EmbeddedServer(settings={"shared_buffers": "1GB"}) as server: connect(server.url)`."""

    home: Path
    url: str

    def __init__(
        self,
        *,
        database: str = "kontor",
        settings: Mapping[str, str] | None = None,
        parent: Path | None = None,
    ) -> None:
        """`settings` win over Kontor's tuning; the data goes to a new folder in `parent` (default: /tmp)."""
        self.database = database
        self.settings = dict(settings or {})
        self.parent = parent

    @property
    def bin_dir(self) -> Path:
        return bin_dir(self.home)

    @property
    def superuser_url(self) -> str:
        """For whoever breaks on purpose what Kontor's own role may not touch."""
        return self.url.replace(f"//{DATABASE_USER}@", f"//{SUPERUSER}@")

    def __enter__(self) -> "EmbeddedServer":
        self.home = Path(tempfile.mkdtemp(prefix="kontor-throwaway-", dir=self.parent)).resolve()
        self.home.chmod(0o711)  # this new folder alone: PostgreSQL's account passes through it
        self.url = ensure_running(self.home, database=self.database, settings=self.settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        release(self.home)
        if not stop(self.home):
            raise EmbeddedPostgresError(f"The server of {self.home} does not stop.")
        shutil.rmtree(self.home)
        shutil.rmtree(fallback_base(self.home), ignore_errors=True)  # there only for an account that needed it
