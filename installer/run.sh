#!/bin/sh
# Opens the window; where there is no display, plays the sample meeting without one.
set -eu
cd "$(dirname "$0")/.."

case $(uname -s) in
    Darwin | MINGW* | MSYS* | CYGWIN*) exec .venv/bin/chairside ;;
esac
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec .venv/bin/chairside
fi
echo "There is no display here, so Chairside plays its sample meeting without a window; look into the folder out."
exec .venv/bin/chairside demo --out out
