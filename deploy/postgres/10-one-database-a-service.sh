#!/usr/bin/env bash
# One database and one login a service, made when the volume is new. No service can connect to another's database.
# Passwords come from the environment: AFTERGLOW_<SERVICE>_PASSWORD.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --command 'REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC'

for service in intake discharge integration maintenance; do
  variable="AFTERGLOW_${service^^}_PASSWORD"
  : "${!variable:?must hold the password of the login $service}"
  psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set login="$service" --set password="${!variable}" <<'SQL'
CREATE ROLE :"login" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE :"login" OWNER :"login";
REVOKE ALL ON DATABASE :"login" FROM PUBLIC;
SQL
done
