#!/bin/sh
# Build the image for amd64 and arm64 and push both under one name: build-images.sh NAME [TAG]
# Needs Docker with buildx and a login at the registry; LOCAL=1 only builds and pushes nothing.
set -eu
cd "$(dirname "$0")"
name="${1:?usage: build-images.sh NAME [TAG], such as registry.example/me/backbeat 1.0}"
tag="${2:-$(git describe --tags --always)}"
docker buildx inspect backbeat >/dev/null 2>&1 || docker buildx create --name backbeat
if [ -n "${LOCAL:-}" ]; then output=cacheonly; else output=registry; fi
docker buildx build --builder backbeat --platform linux/amd64,linux/arm64 \
    --build-arg "EGMD_SHA256=${EGMD_SHA256:-}" --tag "$name:$tag" --tag "$name:latest" \
    --output "type=$output" .
