"""Compiled code is kept, also where the environment forbids it: each process that runs tests or is started by one would
compile all of Kontor again, and pytest rewrite the assertions."""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
