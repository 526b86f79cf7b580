#!/bin/sh
# Start Backbeat in containers, or without Docker on this machine: start.sh [/path/to/music]
set -eu
cd "$(dirname "$0")"
if docker compose version >/dev/null 2>&1; then
    exec make start ${1:+MUSIC="$1"}
fi
echo "There is no Docker here, so Backbeat runs in this terminal (Ctrl-C ends it)." >&2
exec make run ${1:+MUSIC="$1"}
