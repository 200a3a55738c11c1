"""Importing these registers what the admin shows of imports and exports."""

from exchange.admin.exports import admin as exports
from exchange.admin.imports import admin as imports

__all__ = ["exports", "imports"]
