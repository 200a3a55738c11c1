from exchange.models import data_export, data_import, import_rows, stored_file

__all__ = ["data_export", "data_import", "import_rows", "stored_file"]
