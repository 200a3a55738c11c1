"""Whether this process has been told to go: it still serves, and says that it should get nothing new."""

import threading

_told = threading.Event()

leave = _told.set
is_leaving = _told.is_set
