#!/bin/sh
# Make a virtual environment with pip in it, on systems that package Python without ensurepip too.
set -eu
venv=$1
if [ -z "${PYTHON:-}" ]; then
    echo "Kontor needs Python 3.11 or newer. Found none; name one: make PYTHON=/path/to/python3 ..." >&2
    exit 1
fi
if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
if "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
    "$PYTHON" -m venv --clear "$venv"
    # Up to Python 3.11 venv brings setuptools, which nothing here needs.
    "$venv/bin/python" -m pip uninstall --quiet --disable-pip-version-check --yes setuptools 2>/dev/null || true
else
    "$PYTHON" -m venv --clear --without-pip "$venv"
    "$PYTHON" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check \
        --only-binary :all: --require-hashes -r "$(dirname "$0")/pip.txt"
fi
