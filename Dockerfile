# syntax=docker/dockerfile:1
# Two stages: the packages and the tagger's networks are built once, the last one only carries them.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock
COPY . .
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation .
RUN /opt/venv/bin/python -m indexer.models.musicnn --out /opt/models
# TensorFlow was needed for the line above only; a serving image is half as large without it.
RUN /opt/venv/bin/pip uninstall --yes --quiet tensorflow tensorflow-cpu keras tensorboard || true

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Backbeat" org.opencontainers.image.licenses="MIT"
RUN useradd --create-home --uid 1000 backbeat \
    && install -d -o backbeat -g backbeat /data /music
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=backbeat /opt/models /opt/models
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    BACKBEAT_DATA=/data BACKBEAT_MUSIC=/music BACKBEAT_MODELS=/opt/models \
    NUMBA_CACHE_DIR=/tmp/numba
USER backbeat
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
ENTRYPOINT ["backbeat"]
CMD ["serve", "--no-index"]
