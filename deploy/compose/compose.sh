# Sourced by the scripts here: `compose` is docker compose 2, or docker-compose where that is it.
cd "$(dirname "${BASH_SOURCE[0]}")"

compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose "$@"
  else
    docker-compose "$@"
  fi
}

# Hearers before those they hear: a copy must never know of an event that its origin has forgotten.
# The projector's database is not among them: it is made anew from the others.
SERVICES="bases cobuilding membership"
