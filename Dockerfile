# syntax=docker/dockerfile:1
# One image for every process; RAINBOWRAIL_PROCESS and the files mounted into it decide which one it is.

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install uv
WORKDIR /app
COPY requirements.lock ./
RUN uv venv /venv && uv pip sync --no-cache --require-hashes --python /venv/bin/python requirements.lock
COPY manage.py pyproject.toml ./
COPY rainbowrail rainbowrail
COPY intake intake
COPY cases cases
COPY referrals referrals
COPY templates templates
COPY static static
# Files with hashed names, compressed. No key and no database is needed for it, so none is there.
RUN DJANGO_SETTINGS_MODULE=rainbowrail.settings.production RAINBOWRAIL_PROCESS=owner RAINBOWRAIL_KEYS=/nonexistent \
    DATABASE_URL=postgresql://none/none REDIS_URL=redis://none/0 \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && /venv/bin/python -m compileall -q rainbowrail intake cases referrals

FROM python:3.13-slim-trixie
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=rainbowrail.settings.production
RUN groupadd --gid 10001 rainbowrail && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin rainbowrail
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
# No access log: addresses of visitors are written nowhere.
CMD ["gunicorn", "rainbowrail.wsgi:application", "--config", "python:rainbowrail.web.gunicorn_settings", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--log-level", "warning", "--no-control-socket", "--max-requests", "5000", "--max-requests-jitter", "500"]
