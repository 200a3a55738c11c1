from exchange.admin import data_export, data_import

__all__ = ["data_export", "data_import"]
