# One image for web, worker, beat and the commands. No secret is needed to build it, and none is in it.
FROM python:3.11-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/base.txt requirements/dense.txt /requirements/
RUN /venv/bin/pip install --require-hashes -r /requirements/base.txt -r /requirements/dense.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1
# OMP_NUM_THREADS: threads of the embedder spin at a barrier and are slower together; see docs/adr/0002-words-and-meaning.md.
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent site
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
RUN python manage.py build_fonts \
    && python manage.py messages --compile \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p var/index var/outbox var/private \
    && chown -R site:site var
USER site
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "config.wsgi"]
