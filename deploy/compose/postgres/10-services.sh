#!/bin/sh
# One database and one role a service, and the role that migrates them. None is a superuser.
# PostgreSQL's image runs this at the first start; running it again adds what is missing and sets
# the passwords of .env (README.md, "Change a password").
set -eu
export PGOPTIONS=--client-min-messages=warning  # "already granted" is no news

sql() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres "$@"
}

role() { # NAME PASSWORD
  sql --set role="$1" --set password="$2" <<'SQL'
SELECT format('CREATE ROLE %I', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SQL
}

service() { # NAME PASSWORD
  role "jiceng_$1" "$2"
  sql --set name="jiceng_$1" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO jiceng_migrate;
GRANT :"name" TO jiceng_migrate;
-- What the migration makes there belongs to the service, which alone uses it.
ALTER ROLE jiceng_migrate IN DATABASE :"name" SET role = :'name';
SQL
}

role jiceng_migrate "$MIGRATE_PASSWORD"
service membership "$MEMBERSHIP_PASSWORD"
service bases "$BASES_PASSWORD"
service cobuilding "$COBUILDING_PASSWORD"
service projector "$PROJECTOR_PASSWORD"
