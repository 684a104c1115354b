#!/bin/sh
# Creates the namespace when it is missing. The port opens before the engine serves: health is waited for.
set -eu
tries=60
until temporal operator cluster health >/dev/null 2>&1; do
	tries=$((tries - 1))
	if [ "$tries" -le 0 ]; then
		temporal operator cluster health
		exit 1
	fi
	sleep 1
done

# make NAME RETENTION
make() {
	temporal operator namespace describe --namespace "$1" >/dev/null 2>&1 ||
		temporal operator namespace create --namespace "$1" --retention "$2"
}
make "$TEMPORAL_NAMESPACE" "$RETENTION"
# The housekeeping runs every minute: its histories are kept for a day.
make "$TEMPORAL_NAMESPACE-sweeps" 24h
