"""Shipments: what is left to send and from where, what is written of them, and how the states of lines and orders
follow.

Everything here runs under the order's lock, inside a service's transaction.
"""
