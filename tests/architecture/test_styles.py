"""What pages are dressed in."""

import re
from itertools import chain

from tests.architecture.source import PACKAGES, ROOT

# A word of ours in a page or in what makes one; not the name of a CSS variable, and no beginning that a value ends.
_WORD = re.compile(r"(?<![\w#-])k-[a-z][a-z0-9-]*(?<!-)(?![\w-])")
_ID = re.compile(r"""(?:\bid="|getElementById\("|json_script\([^\n]*, ")(k-[a-z0-9-]+)""")
_RULE = re.compile(r"\.(k-[a-z0-9-]+)")


def _texts(*endings: str) -> dict[str, str]:
    folders = [ROOT / name for name in (*PACKAGES, "templates")]
    paths = chain.from_iterable(folder.rglob(f"*.{ending}") for folder in folders for ending in endings)
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


def test_every_class_of_ours_has_a_style() -> None:
    styled = set(_RULE.findall("\n".join(_texts("css").values())))
    pages = _texts("html", "py", "js")
    ids = set(_ID.findall("\n".join(pages.values())))

    bare = {(name, word) for name, text in pages.items() for word in _WORD.findall(text) if word not in styled | ids}

    assert len(styled) > 100
    assert bare == set()
