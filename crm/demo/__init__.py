"""The demo shop: made-up content, and the history that the shop's own functions make of it."""
