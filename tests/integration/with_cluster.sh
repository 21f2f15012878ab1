#!/bin/sh
# Runs one test program against a database cluster of its own, which goes away with it.
#   with_cluster.sh HOST SQL_DIR PROGRAM [ARGUMENT...]
# HOST is the cluster_host program. The folder must be open to the database's user, for as root the
# server runs as another user than we do.
set -eu
host=$1
sql=$2
shift 2
dir=$(mktemp -d "${TMPDIR:-/tmp}/dvcd-it.XXXXXX")
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
status=0
"$host" "$dir" "$sql" "$@" || status=$?
if [ "$status" -ne 0 ] && [ -f "$dir/pg.log" ]; then
    tail -n 40 "$dir/pg.log" | sed 's/^/# pg.log: /'
fi
exit "$status"
