# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
# For the far smaller CPU-only wheels, give the index that holds them:
#   docker build --build-arg TORCH_INDEX_URL=... --build-arg CONSTRAINTS=/dev/null .
ARG TORCH_INDEX_URL=""
ARG CONSTRAINTS=constraints.txt
WORKDIR /src
RUN python -m venv /venv
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY embedder embedder
COPY migrations migrations
COPY service service
RUN if [ -n "$TORCH_INDEX_URL" ]; then \
        /venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX_URL" torch torchvision; \
    fi \
    && /venv/bin/pip install --no-cache-dir --constraint "$CONSTRAINTS" .

FROM python:3.11-slim
# The C++ compiler with which the network is compiled for the processor that it finds itself on.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 vizinho \
    && mkdir -p /data /models \
    && chown vizinho: /data /models
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VIZINHO_DATA_DIR=/data \
    VIZINHO_MODELS_DIR=/models \
    VIZINHO_HOST=0.0.0.0
USER vizinho
WORKDIR /data
VOLUME ["/data", "/models"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --start-interval=2s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["vizinho"]
CMD ["serve"]
