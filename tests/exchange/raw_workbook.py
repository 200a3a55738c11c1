"""Workbooks as other programs write them, put together by hand: what openpyxl would never write."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Raw:
    """A cell as it stands in the XML, within <c …>."""

    inside: str
    attributes: str = ""


def number(value: str, style: int = 0) -> Raw:
    return Raw(f"<v>{value}</v>", f's="{style}"')


def formula(text: str, result: str | None = None, kind: str = "") -> Raw:
    stored = "" if result is None else f"<v>{escape(result)}</v>"
    return Raw(f"<f>{escape(text)}</f>{stored}", f't="{kind}"' if kind else "")


def error(text: str) -> Raw:
    return Raw(f"<v>{text}</v>", 't="e"')


@dataclass
class Sheet:
    """`rows`: cells; None is none at all. `hidden`: numbers of rows. `columns`, `tail`: XML before and after them."""

    rows: Sequence[Sequence[Any]]
    name: str = "Sheet1"
    state: str = "visible"
    hidden: Sequence[int] = ()
    columns: str = ""
    tail: str = ""
    is_terse: bool = False

    def xml(self) -> str:
        rows = "".join(self._row(place, row) for place, row in enumerate(self.rows, start=1))
        return f'<worksheet xmlns="{_MAIN}">{self.columns}<sheetData>{rows}</sheetData>{self.tail}</worksheet>'

    def _row(self, number_: int, row: Sequence[Any]) -> str:
        hidden = ' hidden="1"' if number_ in self.hidden else ""
        cells = "".join(self._cell(place, number_, cell) for place, cell in enumerate(row) if cell is not None)
        return f"<row{hidden}>{cells}</row>" if self.is_terse else f'<row r="{number_}"{hidden}>{cells}</row>'

    def _cell(self, place: int, row: int, cell: Any) -> str:
        raw = cell if isinstance(cell, Raw) else _text(cell)
        reference = "" if self.is_terse else f' r="{chr(65 + place)}{row}"'
        return f"<c{reference} {raw.attributes}>{raw.inside}</c>"


def _text(value: Any) -> Raw:
    if isinstance(value, int | float):
        return Raw(f"<v>{value!r}</v>")
    return Raw(f'<is><t xml:space="preserve">{escape(value)}</t></is>', 't="inlineStr"')


@dataclass
class Book:
    """`formats`: number formats of the styles 1, 2, …; `parts`: what stands in place of a part, None for none."""

    sheets: Sequence[Sheet]
    formats: Sequence[str] = ()
    properties: str = ""
    texts: Sequence[str] = ()
    target: str = "worksheets/sheet{}.xml"
    parts: dict[str, str | bytes | None] = field(default_factory=dict)

    def content(self) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in {**self._parts(), **self.parts}.items():
                if part is not None:
                    archive.writestr(name, part)
        return file.getvalue()

    def _parts(self) -> dict[str, str | bytes | None]:
        numbers = range(1, len(self.sheets) + 1)
        listed = "".join(
            f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" state="{sheet.state}" r:id="rId{n}"/>'
            for n, sheet in zip(numbers, self.sheets, strict=True)
        )
        relations = [(f"rId{n}", "worksheet", self.target.format(n)) for n in numbers]
        relations += [("rId98", "styles", "styles.xml"), ("rId99", "sharedStrings", "sharedStrings.xml")]
        texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in self.texts)
        return {
            "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{self.properties}'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(relations),
            "xl/styles.xml": self._styles(),
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
            **{f"xl/worksheets/sheet{n}.xml": sheet.xml() for n, sheet in zip(numbers, self.sheets, strict=True)},
        }

    def _styles(self) -> str:
        codes = "".join(
            f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(code)}/>' for n, code in enumerate(self.formats)
        )
        used = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(self.formats)))
        return (
            f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts><fills><fill/></fills>'
            f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
        )


def _relations(relations: Sequence[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for name, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def sheet_of(*rows: Sequence[Any], formats: Sequence[str] = (), **more: Any) -> bytes:
    """A workbook of one sheet."""
    return Book([Sheet(rows, **more)], formats=formats).content()
