"""`python -m ops.sdk`: build both clients into sdk/."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ops.sdk.description import PROJECT, read_description
from ops.sdk.facade import write_facades
from ops.sdk.problems import without_problems, write_python, write_typescript

TARGET = PROJECT / "sdk"
WRITTEN_BY_HAND = Path(__file__).parent


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        document = Path(scratch) / "openapi.json"
        described = read_description()
        document.write_text(json.dumps(without_problems(described)), encoding="utf-8")
        count = _build_python(document, described)
        print(f"sdk/python: {count} operations, sync and async")
        if shutil.which("npm") is None:
            print("The TypeScript client needs Node.js and npm (Debian: apt-get install nodejs npm).", file=sys.stderr)
            return 1
        document.write_text(json.dumps(described), encoding="utf-8")
        _build_typescript(document, described)
        print("sdk/typescript: built")
    return 0


def _build_python(document: Path, described: dict[str, Any]) -> int:
    root = TARGET / "python"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(WRITTEN_BY_HAND / "python", root, ignore=shutil.ignore_patterns("__pycache__"))
    generator = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"]
    config = Path(document).with_name("config.yml")
    config.write_text("post_hooks: []\n", encoding="utf-8")
    _run(
        [
            *generator,
            "--config",
            str(config),
            "--path",
            str(document),
            "--output-path",
            str(root / "kontor" / "api_client"),
        ]
    )
    write_python(described, root / "kontor")
    return write_facades(root / "kontor")


def _build_typescript(document: Path, described: dict[str, Any]) -> None:
    root = TARGET / "typescript"
    kept = root / "node_modules"
    for found in root.glob("*"):
        if found != kept:
            shutil.rmtree(found) if found.is_dir() else found.unlink()
    shutil.copytree(WRITTEN_BY_HAND / "typescript", root, dirs_exist_ok=True)
    _run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=root)
    _run(
        ["npx", "openapi-typescript", str(document), "--default-non-nullable", "false", "--output", "src/schema.d.ts"],
        cwd=root,
    )
    write_typescript(described, root / "src")
    _run(["npx", "tsc"], cwd=root)


def _run(command: list[str], cwd: Path = PROJECT) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


if __name__ == "__main__":
    sys.exit(main())
