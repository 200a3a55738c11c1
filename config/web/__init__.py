"""The web server: an event loop that reads and sends, and few threads that run the application (docs/decisions)."""
