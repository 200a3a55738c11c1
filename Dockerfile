# One image for web server, worker and set-up: docker-compose.yml names the command. Wheels only, so no compiler.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    KONTOR_HOME=/var/lib/kontor/home

RUN useradd --system --create-home --uid 10001 kontor \
    && mkdir -p /var/lib/kontor/home \
    && chown -R kontor:kontor /var/lib/kontor

WORKDIR /srv/kontor
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.txt
COPY . .

USER kontor
VOLUME /var/lib/kontor/home
EXPOSE 8000
CMD ["python", "manage.py", "serve"]
