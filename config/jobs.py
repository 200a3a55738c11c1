"""The worker's schedule: which job runs when."""

from procrastinate import App


def register(app: App) -> None:
    """Called by procrastinate once the app is ready."""
