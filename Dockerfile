# One process, not root, without pip's cache or build tools. Settings: docs/operations.md.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv --without-pip /opt/saphan
COPY requirements.lock .
RUN python -m pip --python /opt/saphan/bin/python install --no-cache-dir --require-hashes \
    --only-binary :all: -r requirements.lock
COPY . .
RUN python -m pip --python /opt/saphan/bin/python install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home saphan && install -d -o saphan -m 700 /data
COPY --from=build /opt/saphan /opt/saphan
ENV PATH="/opt/saphan/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    SAPHAN_HOME=/data
WORKDIR /data
USER saphan
VOLUME /data
EXPOSE 8080
# An interrupt ends it in order; its last line is then "stopped".
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["saphan", "serve", "--host", "0.0.0.0"]
