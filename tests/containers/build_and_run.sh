#!/bin/bash
# Build the image and use it once, without a Docker engine. Not a part of `make test`: it needs
# root, podman, runc, debootstrap, ffmpeg, 12 GB of disk and a quarter of an hour.
#
#   tests/containers/build_and_run.sh [FOLDER for base, music and data]
#
# The base is a Debian with Python that stands in for python:3.12-slim, so nothing is fetched from
# an image registry. Prints the size of the image and of the memory that its processes use.
set -euo pipefail
here="$(cd "$(dirname "$0")/../.." && pwd)"
work="${1:-$(mktemp -d)}"
mirror="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
base=docker.io/library/python:3.12-slim
port=8765
limits=(--ulimit nofile=1024:4096 --ulimit nproc=1024:4096)
run=(podman --runtime runc run --network host "${limits[@]}")

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
ask() { # METHOD PATH [DATA]: the answer of the server
    curl --silent --fail-with-body --request "$1" "http://127.0.0.1:$port$2" \
        --header 'Content-Type: application/json' ${3:+--data "$3"}
}

mkdir -p "$work"/{music,data,output}
if ! podman image exists "$base"; then
    step "Base: Debian with Python"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
        bookworm "$work/base" "$mirror" >"$work/debootstrap.log" || fail "see $work/debootstrap.log"
    ln -sf python3 "$work/base/usr/bin/python"
    tar --create --directory "$work/base" . | podman import - "$base" >/dev/null
    rm -rf "$work/base"
fi

step "Image"
# the certificates of this machine, where packages come through a proxy with its own
podman build --isolation chroot --network host "${limits[@]}" --tag backbeat \
    --volume /etc/ssl/certs:/etc/ssl/certs:ro "$here" >"$work/build.log" 2>&1 \
    || { tail -30 "$work/build.log"; fail "see $work/build.log"; }
podman image list --format '{{.Repository}} {{.Size}}' | sort

step "Music"
for tone in 220 330 440; do
    ffmpeg -loglevel error -y -f lavfi -i "sine=frequency=$tone:duration=40" \
        -metadata "title=Tone $tone" -metadata artist="Container" "$work/music/$tone.mp3"
done
chown -R 1000:1000 "$work/music" "$work/data" "$work/output"

step "Commands"
common=(--rm --read-only --tmpfs /tmp:mode=1777 --cap-drop ALL --security-opt no-new-privileges
    --user 1000:1000 --volume "$work/data:/data" --volume "$work/music:/music:ro")
"${run[@]}" "${common[@]}" backbeat version
"${run[@]}" "${common[@]}" backbeat index /music
"${run[@]}" "${common[@]}" backbeat chat --once "anything by Container?" | tee "$work/chat.txt"
grep -q "Tone 330" "$work/chat.txt" || fail "the chat does not know the music"
"${run[@]}" "${common[@]}" --volume "$work/output:/output" backbeat chart make /music/220.mp3 --out /output \
    && fail "a sine was charted" || true
"${run[@]}" "${common[@]}" --volume "$work/output:/output" backbeat backup /output
[ -n "$(ls "$work"/output/*.zip)" ] || fail "no backup"
[ "$(stat -c %u "$work"/output/*.zip)" = 1000 ] || fail "the backup is not the user's"

step "Server"
server=$("${run[@]}" --detach "${common[@]}" --env BACKBEAT_PORT=$port backbeat serve --no-index)
trap 'podman kill "$server" >/dev/null 2>&1 || true' EXIT
for _ in $(seq 60); do ask GET /api/health >/dev/null 2>&1 && break; sleep 1; done
ask GET /api/health
ask GET "/api/tracks?limit=3" | grep -q "Tone 440" || fail "no tracks over the API"
for line in $(podman top "$server" hpid | tail -n +2); do
    awk '/^(Name|VmRSS)/ {printf "%s ", $2} END {print ""}' "/proc/$line/status"
done
podman stop --time 20 "$server" >/dev/null || fail "it did not stop by itself"
step "All of it worked"
