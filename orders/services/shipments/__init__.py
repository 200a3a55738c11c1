"""Shipments: packed, sent, delivered, unpacked."""
