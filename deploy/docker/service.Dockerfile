# One image a service: `docker build -f deploy/docker/service.Dockerfile --build-arg SERVICE=intake .`
# The same image serves, works and migrates; what differs is the command. It holds no other service's code.

FROM python:3.13-slim AS environment
COPY requirements.txt /
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --only-binary=:all: --require-hashes -r /requirements.txt

FROM python:3.13-slim
# a fixed number, so that volumes keep their owner from one build to the next
RUN groupadd --gid 10001 afterglow \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin afterglow \
 && install -d -o afterglow -g afterglow /demo
COPY --from=environment /opt/venv /opt/venv
WORKDIR /app

# from here on the four images differ
ARG SERVICE
RUN test -n "${SERVICE}"
COPY shared shared
# intake's Operations page shows them
COPY docs/runbooks docs/runbooks
COPY services/__init__.py services/
COPY services/${SERVICE} services/${SERVICE}
# compiled now: the containers run with a read-only root and could never keep it
RUN python -m compileall -q shared services

ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SERVICE=${SERVICE} AFTERGLOW_HOST=0.0.0.0 AFTERGLOW_PORT=8080 AFTERGLOW_DATA=/tmp/afterglow
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["/bin/sh", "-c", "exec python -m \"services.${SERVICE}\" \"$@\"", "afterglow"]
CMD ["serve"]
