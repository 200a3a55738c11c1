"""The dashboard's cards: each a module with a CARD, found by itself; crm/dashboard/card.py says what one is."""
