#!/usr/bin/env bash
# Runs once, when the database is first made: one role a kind of process, each with its own password.
# What each may do is said beside the models and applied by `manage.py grants apply`.
set -euo pipefail

secret() { cat "/run/secrets/database_password_$1"; }

psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --set owner="$(secret owner)" --set public="$(secret public)" --set staff="$(secret staff)" --set backup="$(secret backup)" <<'SQL'
CREATE ROLE rainbowrail_owner LOGIN PASSWORD :'owner';
CREATE ROLE rainbowrail_public LOGIN PASSWORD :'public';
CREATE ROLE rainbowrail_staff LOGIN PASSWORD :'staff';
CREATE ROLE rainbowrail_backup LOGIN PASSWORD :'backup';
CREATE DATABASE rainbowrail OWNER rainbowrail_owner;
REVOKE ALL ON DATABASE rainbowrail FROM PUBLIC;
GRANT CONNECT ON DATABASE rainbowrail TO rainbowrail_public, rainbowrail_staff, rainbowrail_backup;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
SQL
