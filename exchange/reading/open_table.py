from typing import BinaryIO

from exchange.reading.csv.csv_table import CsvTable
from exchange.reading.table import Table
from exchange.reading.xlsx.xlsx_table import MAGIC, XlsxTable


def open_table(file: BinaryIO, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table in a file, by its content whatever its name says. Raises Unreadable."""
    file.seek(0)
    begins = file.read(len(MAGIC))
    file.seek(0)
    return XlsxTable(file) if begins == MAGIC else CsvTable(file, encoding=encoding, delimiter=delimiter)
