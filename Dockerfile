# syntax=docker/dockerfile:1
# The packages and the networks are built once, with TensorFlow; the last stage only carries them.
# Magenta's E-GMD network as well: put e-gmd_checkpoint.zip into ./input and build with
#   --build-arg EGMD_SHA256=$(sha256sum input/e-gmd_checkpoint.zip | cut -d" " -f1)
# A container cannot convert it later: `backbeat models import-egmd` says so there.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY . .
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation .
RUN /opt/venv/bin/python -m indexer.models.musicnn --out /opt/models
ARG EGMD_SHA256=""
# `input` is in the context only where the checkpoint is: see .dockerignore
RUN if [ -n "$EGMD_SHA256" ]; then \
        echo "$EGMD_SHA256  input/e-gmd_checkpoint.zip" | sha256sum --check --strict \
        && mkdir -p /tmp/data \
        && BACKBEAT_DATA=/tmp/data BACKBEAT_MODELS=/opt/models \
           /opt/venv/bin/backbeat models import-egmd input/e-gmd_checkpoint.zip; \
    fi
# A serving image is a third as large without TensorFlow, which the lines above needed, without the
# tools of development, and without a telemetry that is never started (its types are imported).
RUN /opt/venv/bin/python deploy/unneeded_packages.py backbeat opentelemetry-sdk \
        --without tensorflow tensorflow-cpu musicnn traceloop-sdk \
    | xargs /opt/venv/bin/pip uninstall --yes --quiet

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Backbeat" org.opencontainers.image.licenses="MIT"
RUN useradd --no-create-home --uid 1000 backbeat \
    && install -d -o backbeat -g backbeat /music /input /output \
    && install -d -m 0777 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=backbeat /opt/models /opt/models
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BACKBEAT_DATA=/data BACKBEAT_MUSIC=/music BACKBEAT_MODELS=/opt/models \
    NUMBA_CACHE_DIR=/tmp/numba HOME=/tmp
# compose.yaml may name another user: a new volume of /data is writable for whoever it is
USER backbeat
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
ENTRYPOINT ["backbeat"]
CMD ["serve", "--no-index"]
