#!/bin/sh
# Makes .venv ready for one purpose and adds the system packages that purpose needs.
#
#   sh installer/setup.sh run    what the program needs
#   sh installer/setup.sh test   that, the developer's tools and what the tests drive
#
# PYTHON names the Python to use; without it the first suitable one on the path is taken.
set -eu

purpose=${1:?say run or test}
root=$(cd "$(dirname "$0")/.." && pwd)
venv="$root/.venv"
cd "$root"

# Qt's wheel brings Qt itself; these are the libraries of the system that it links to.
for_run="libglib2.0-0 libgl1 libegl1 libfreetype6 libfontconfig1 libdbus-1-3 libxkbcommon0 libxkbcommon-x11-0
    libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
    libwayland-client0 libwayland-cursor0 libwayland-egl1"
# A screen without a monitor, a window manager and key presses; a secret service; other people's PDF readers.
for_test="xvfb xauth xdotool openbox dbus gnome-keyring poppler-utils qpdf imagemagick strace sqlite3 xclip"

say() {
    printf '%s\n' "$*" >&2
}

stop() {
    say "$*"
    exit 1
}

python_suits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if python_suits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    stop "Chairside needs Python 3.11, 3.12, 3.13 or 3.14: install one, or name it with 'make $purpose PYTHON=/path/to/python3'."
}

# Prints those of the packages given that are not installed. A later release may have renamed a library and
# then says that it provides the old name (libglib2.0-0t64 does).
missing_packages() {
    dpkg-query -W -f '${db:Status-Status}|${Package}|${Provides}\n' | awk -F '|' -v wanted="$*" '
        $1 == "installed" {
            have[$2] = 1
            count = split($3, provided, ", *")
            for (i = 1; i <= count; i++) { sub(/ .*/, "", provided[i]); have[provided[i]] = 1 }
        }
        END {
            count = split(wanted, names, /[ \n]+/)
            for (i = 1; i <= count; i++) if (names[i] != "" && !(names[i] in have)) printf " %s", names[i]
        }'
}

has_screen() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

add_system_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: Windows and macOS need none, others have their own way
    wanted=$for_run
    [ "$purpose" = run ] || wanted="$wanted $for_test"
    # Debian ships Python without the part that makes environments.
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        wanted="$wanted $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    # shellcheck disable=SC2086 # a list of names
    missing=$(missing_packages $wanted)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        # Without a screen the program only plays the sample, and that needs no Qt.
        [ "$purpose" = run ] && ! has_screen && [ "${missing#*-venv}" = "$missing" ] && return 0
        stop "Some system packages are missing; please type this, then the same make again: sudo apt-get update && sudo apt-get install --yes --no-install-recommends$missing"
    fi
    say "Adding system packages:$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of names
    if ! { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        stop "The system packages could not be added; please see to it with: apt-get install --yes --no-install-recommends$missing"
    fi
    rm -f "$log"
}

# What .venv was made from. An environment knows its own path, so a moved checkout needs a new one.
fingerprint() {
    {
        printf '%s\n' "$root"
        "$python" -c 'import sys; print(sys.version, sys.base_prefix)'
        cat pyproject.toml installer/requirements*.lock
    } | "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

environment_is_whole() {
    [ -x "$venv/bin/python" ] && [ -x "$venv/bin/pip" ] &&
        [ "$("$venv/bin/python" -c 'import sys; print(*sys.version_info[:3], sys.base_prefix)' 2>/dev/null)" = \
            "$("$python" -c 'import sys; print(*sys.version_info[:3], sys.base_prefix)')" ] &&
        grep -qF "$venv/bin/" "$venv/bin/pip"
}

install_from_locks() {
    environment_is_whole || "$python" -m venv --clear "$venv" || stop "The Python environment could not be made in $venv."
    say "Installing Chairside into .venv; the first time takes a few minutes."
    pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
    # --only-binary: nothing that is downloaded gets to run code while it is being installed.
    if ! { $pip install --require-hashes --only-binary :all: -r "$lock" -r installer/requirements-build.lock &&
        $pip install --no-deps --no-build-isolation --editable .; }; then
        stop "The libraries could not be installed; check the network connection and type the same make again."
    fi
}

python=$(find_python)
case $purpose in
    run) lock=installer/requirements.lock ;;
    test) lock=installer/requirements-dev.lock ;;
    *) stop "setup.sh knows 'run' and 'test', not '$purpose'." ;;
esac
add_system_packages
now=$(fingerprint)
[ -x "$venv/bin/python" ] && [ "$(cat "$venv/ready-to-$purpose" 2>/dev/null)" = "$now" ] && exit 0
install_from_locks
printf '%s\n' "$now" >"$venv/ready-to-$purpose"
[ "$purpose" = run ] || printf '%s\n' "$now" >"$venv/ready-to-run"
