#!/bin/sh
# Runs once, when the volume is empty: a role for us, a role for Temporal, and their databases. Neither is a superuser,
# and neither may enter the other's databases.
set -eu
secrets=${SECRETS_DIR:-/run/secrets}
psql --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
	--set=gongzhi="$(cat "$secrets/gongzhi_db_password")" \
	--set=temporal="$(cat "$secrets/temporal_db_password")" <<'EOF'
CREATE ROLE gongzhi LOGIN PASSWORD :'gongzhi';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE gongzhi OWNER gongzhi;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, gongzhi FROM PUBLIC;
EOF
