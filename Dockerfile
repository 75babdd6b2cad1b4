# syntax=docker/dockerfile:1
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
# PyTorch's usual wheels bring CUDA along, and want nothing of the machine but NVIDIA's driver and container toolkit. cpu
# does without: name the index of PyTorch's CPU wheels, and the image is some gigabytes smaller.
ARG DEVICE=cpu
ARG TORCH_CPU_INDEX=""
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH \
    PIP_CONSTRAINT=/src/constraints.txt \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# What is installed first changes least: a change of our own code installs no PyTorch anew.
COPY pyproject.toml constraints.txt ./
# Their versions are in constraints.txt.
# hadolint ignore=DL3013
RUN --mount=type=cache,target=/root/.cache/pip \
    case "$DEVICE" in \
        cpu) [ -z "$TORCH_CPU_INDEX" ] || pip install --index-url "$TORCH_CPU_INDEX" --no-deps torch torchvision ;; \
        cuda) ;; \
        *) echo "DEVICE is cpu or cuda, not $DEVICE" >&2; exit 1 ;; \
    esac \
    && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > /tmp/requirements.txt \
    && pip install --requirement /tmp/requirements.txt
COPY README.md LICENSE ./
COPY embedder embedder
COPY migrations migrations
COPY service service
RUN --mount=type=cache,target=/root/.cache/pip pip install --no-deps .

# The stores' contract, for a Qdrant server that VIZINHO_TEST_QDRANT_URL names.
FROM build AS test
# hadolint ignore=DL3013
RUN --mount=type=cache,target=/root/.cache/pip pip install '.[dev]'
COPY tests tests
ENV HOME=/tmp \
    HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis
USER 10001:10001
CMD ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/service/store"]

FROM python:${PYTHON}
# g++ compiles the network for the processor that it finds itself on, once, into /models.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 vizinho \
    && mkdir --parents /data/media /models \
    && chown --recursive vizinho: /data /models
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VIZINHO_DATA_DIR=/data \
    VIZINHO_MODELS_DIR=/models \
    VIZINHO_HOST=0.0.0.0 \
    VIZINHO_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/models"]
EXPOSE 8000
# The weights are downloaded at the first start, which may take a while.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --start-interval=2s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"VIZINHO_PORT\"]}/readyz', timeout=4)"]
ENTRYPOINT ["vizinho"]
CMD ["serve"]
