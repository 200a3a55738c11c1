"""Rewrite the lower part of requirements.txt and requirements-dev.txt: what the hand-written part pulls in.

Run by `make lock` after changing a version there. Needs pip only, and changes nothing but the two files.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "# --- Pulled in by the above (make lock) ---"


def main() -> None:
    runtime = _relock("requirements.txt", already=set())
    _relock("requirements-dev.txt", already=runtime)


def _relock(name: str, *, already: set[str]) -> set[str]:
    """Keep the part above MARK, write what pip resolves for it below; return all names pinned."""
    path = ROOT / name
    wanted = path.read_text(encoding="utf-8").split(MARK)[0].rstrip()
    draft = ROOT / f".{name}.draft"
    draft.write_text(wanted + "\n", encoding="utf-8")
    try:
        resolved = _resolve(draft)
    finally:
        draft.unlink()
    direct = {_normal(line) for line in wanted.splitlines() if re.match(r"[A-Za-z]", line)}
    pulled = [f"{key}=={resolved[key]}" for key in sorted(resolved) if key not in direct | already]
    path.write_text("\n".join([wanted, "", MARK, *pulled, ""]), encoding="utf-8")
    sys.stdout.write(f"{name}: {len(direct)} chosen, {len(pulled)} pulled in\n")
    return direct | set(resolved)


def _resolve(requirements: Path) -> dict[str, str]:
    """Name -> version of all that pip would install into an empty environment. Wheels only: no compiler."""
    options = ["--dry-run", "--ignore-installed", "--only-binary", ":all:", "--quiet", "--report", "-"]
    report = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "-r", str(requirements)],
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ).stdout
    packages = [item["metadata"] for item in json.loads(report)["install"]]
    return {_normal(package["name"]): package["version"] for package in packages}


def _normal(requirement: str) -> str:
    name = re.split(r"[\[=<>~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
