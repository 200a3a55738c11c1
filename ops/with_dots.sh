#!/bin/sh
# Run a command that is silent for long, with a dot every two seconds; its exit code is the command's.
set -u
(while sleep 2 && kill -0 $$ 2>/dev/null; do printf '.'; done) & # $$: this shell, which may be killed
dots=$!
trap 'kill "$dots" 2>/dev/null; echo' EXIT
trap 'exit 130' INT TERM
"$@"
