#!/bin/sh
# Before the map is served, the database is created or upgraded.
set -eu
if [ "$1" = gunicorn ]; then
    flask init-db
fi
exec "$@"
