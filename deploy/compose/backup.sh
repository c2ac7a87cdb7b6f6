#!/usr/bin/env bash
# ./backup.sh [FOLDER]: the services' databases into FOLDER (default: backups/<now>), while all runs.
# They hold everything: NATS and the projector are filled from them again by ./restore.sh.
set -euo pipefail
folder=$(realpath -m "${1:-$(dirname "${BASH_SOURCE[0]}")/backups/$(date +%Y%m%dT%H%M%S)}")
source "$(dirname "${BASH_SOURCE[0]}")/compose.sh"

umask 077
mkdir -p "$folder"
for service in $SERVICES; do
  compose exec -T postgres \
    pg_dump --username=postgres --format=custom --no-owner "jiceng_$service" >"$folder/unfinished"
  mv "$folder/unfinished" "$folder/jiceng_$service.dump"
done
(cd "$folder" && sha256sum -- *.dump >SHA256SUMS)
echo "backed up to $folder"
