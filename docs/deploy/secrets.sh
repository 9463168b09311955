#!/usr/bin/env bash
# Writes ./secrets for docker-compose.yml: passwords, addresses and key folders, each readable by the one container that needs it.
# Run once on the host, as root, in the folder of docker-compose.yml. What is there already is kept.
#
#   docs/deploy/secrets.sh               all of it; the keys are made by the image, which must be built before
#   SKIP_KEYS=1 docs/deploy/secrets.sh   everything but the keys
set -euo pipefail

folder="${1:-secrets}"
umask 077
mkdir -p "$folder"

password() { head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

# write NAME UID:GID: standard input becomes the file, unless it is there.
write() {
    local path="$folder/$1"
    if [ -e "$path" ]; then cat >/dev/null; else cat >"$path"; fi
    chmod 0400 "$path"
    if [ "$(id -u)" = 0 ]; then chown "$2" "$path"; fi
}

APP=10001:10001 DATABASE=999:999 BROKER=999:1000

password | write database_admin_password $DATABASE
for role in owner public staff backup; do
    password | write "database_password_$role" $DATABASE
done
for role in owner public staff backup; do
    printf 'postgresql://rainbowrail_%s:%s@database:5432/rainbowrail' "$role" "$(cat "$folder/database_password_$role")" | write "database_url_$role" $APP
done

if [ ! -e "$folder/broker_users" ]; then
    staff="$(password)" public="$(password)"
    {
        echo "user default off"
        echo "user rainbowrail_staff on >$staff ~* &* +@all -@dangerous +info +keys"
        echo "user rainbowrail_public on >$public ~limit:* +@read +@write +@connection +@scripting -@dangerous"
    } | write broker_users $BROKER
    printf 'redis://rainbowrail_staff:%s@broker:6379/0' "$staff" | write broker_url_staff $APP
    printf 'redis://rainbowrail_public:%s@broker:6379/0' "$public" | write broker_url_public $APP
fi

printf '%s' "${RAINBOWRAIL_SMTP_PASSWORD:-}" | write smtp_password $APP

# Beside ./secrets: the list of erased ids, which belongs on another disk than the database, and the sealed backups.
for beside in erased backups; do
    mkdir -p "$(dirname "$folder")/$beside"
    if [ "$(id -u)" = 0 ]; then chown $APP "$(dirname "$folder")/$beside"; fi
done

if [ -z "${SKIP_KEYS:-}" ] && [ ! -e "$folder/keys/public" ]; then
    mkdir -p "$folder/keys"
    if [ "$(id -u)" = 0 ]; then chown $APP "$folder/keys"; fi
    docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges:true \
        --volume "$(cd "$folder/keys" && pwd):/keys" \
        --env RAINBOWRAIL_PROCESS=owner --env RAINBOWRAIL_KEYS=/keys/owner --env DATABASE_URL=postgresql://none/none --env REDIS_URL=redis://none/0 \
        "rainbowrail:${RAINBOWRAIL_VERSION:-latest}" python manage.py keys make --into /keys --if-missing
fi
echo "$folder is ready. Carry $folder/keys/offline away from this machine and give out the shares shown above: docs/operations.md says how."
