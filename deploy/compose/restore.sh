#!/usr/bin/env bash
# ./restore.sh FOLDER: everything becomes as it was when ./backup.sh wrote FOLDER. What was entered
# since is lost, so this asks first (--yes does not). Works on an empty server, too.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: ./restore.sh FOLDER [--yes]" >&2; exit 2; }
folder=$(realpath "$1")
source "$(dirname "${BASH_SOURCE[0]}")/compose.sh"

(cd "$folder" && sha256sum --check --quiet SHA256SUMS)
if [ "${2:-}" != --yes ]; then
  read -r -p "Replace all data by that of $folder? [yes/no] " answer
  [ "$answer" = yes ] || exit 1
fi

compose stop console projector bases cobuilding membership nats
# Streams may know events that the backup does not; they are written again from the event logs.
compose run --rm --no-deps -T --entrypoint rm nats -rf /data/jetstream
compose up -d postgres nats
until compose exec -T postgres pg_isready --quiet --host=127.0.0.1 --username=postgres; do
  sleep 1
done

for service in $SERVICES projector; do
  compose exec -T postgres dropdb --username=postgres --force --if-exists "jiceng_$service"
done
compose exec -T postgres sh /docker-entrypoint-initdb.d/10-services.sh
for service in $SERVICES; do
  compose exec -T postgres pg_restore --username=postgres --dbname="jiceng_$service" \
    --no-owner --role="jiceng_$service" --exit-on-error --single-transaction \
    <"$folder/jiceng_$service.dump"
done

compose run --rm -T jiceng migrate --wait 60  # writes the streams anew, too
compose run --rm -T jiceng streams check
compose up -d
echo "restored from $folder; figures are complete when the projector has read the streams again"
