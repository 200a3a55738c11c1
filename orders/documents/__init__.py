"""Invoices, credit notes and packing slips: what they say, their numbers, and how they are drawn."""
