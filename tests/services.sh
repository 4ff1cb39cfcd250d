#!/bin/sh
# Installs what the tests start and pip cannot bring: a broker and a browser.
set -eu

missing=""
command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || missing="$missing mosquitto"
command -v chromium >/dev/null || missing="$missing chromium"
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
    if ! sudo -n true 2>/dev/null; then
        echo "some tests will be skipped; to run them all: sudo apt-get install$missing"
        exit 0
    fi
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
# Packages bring services that would start at once; the tests start their own.
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
