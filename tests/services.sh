#!/bin/sh
# Installs what the tests start and pip cannot bring: a broker, a browser, an RTSP camera and a
# GigE camera with the library that reads it.
set -eu

missing=""
command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || missing="$missing mosquitto"
command -v chromium >/dev/null || missing="$missing chromium"
rtsp="import gi; gi.require_version('GstRtspServer', '1.0')"
/usr/bin/python3 -c "$rtsp" 2>/dev/null \
    || missing="$missing python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good"
command -v arv-fake-gv-camera-0.8 >/dev/null || missing="$missing aravis-tools libaravis-0.8-0"
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
