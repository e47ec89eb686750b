FROM python:3.11-slim-bookworm AS build
COPY requirements.txt /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --requirement /requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 1000 --home-dir /tagscape tagscape
WORKDIR /tagscape
COPY --from=build /venv /venv
COPY . .
# A new volume takes the owner of the folder it covers.
RUN mkdir -p instance essentia-tf-models /audio && chown tagscape instance essentia-tf-models
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    TAGSCAPE_INSTANCE_PATH=/tagscape/instance \
    TAGSCAPE_MODELS_DIR=/tagscape/essentia-tf-models \
    TAGSCAPE_AUDIO_DIR=/audio
USER 1000
VOLUME ["/tagscape/instance", "/tagscape/essentia-tf-models"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["./docker-entrypoint.sh"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]
