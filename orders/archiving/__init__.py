"""Months of orders leave the tables, go to files and come back: docs/decisions/archive.md."""
