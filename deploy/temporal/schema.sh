#!/bin/sh
# Brings Temporal's tables to the version of this image. It may run any number of times.
set -eu
SQL_PASSWORD=$(cat "${SECRETS_DIR:-/run/secrets}/temporal_db_password")
export SQL_PASSWORD
schema() {
	temporal-sql-tool --plugin postgres12 --db "$1" setup-schema -v 0.0
	temporal-sql-tool --plugin postgres12 --db "$1" update-schema --schema-name "postgresql/v12/$2"
}
schema temporal temporal
schema temporal_visibility visibility
