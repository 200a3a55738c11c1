"""When Python looks for garbage while tests are gathered and run."""

import gc

# Until everything is imported nothing is garbage.
gc.disable()


def pytest_collection_finish() -> None:
    """All modules are loaded by now and stay: looking for garbage in them again and again took its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
