#!/bin/sh
# Writes the lock files again from pyproject.toml: exact versions for every platform and Python that Chairside
# supports, with the hash of every file. Versions stay as they are unless pyproject.toml rules them out;
# UPGRADE=1 takes the newest ones.
set -eu
cd "$(dirname "$0")/.."

tool=build/lock
mkdir -p build
[ -x "$tool/bin/uv" ] || {
    "${PYTHON:-python3}" -m venv --clear "$tool"
    "$tool/bin/python" -m pip --disable-pip-version-check --quiet install --only-binary :all: uv==0.13.9
}

# Only the public index counts: what this machine was given beside it must not get into a lock.
unset UV_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS

# write_lock NAME WHAT ARGUMENTS... takes the requirements that the arguments name.
write_lock() {
    lock=installer/$1
    header="# What $2 needs. Written by make lock; do not edit."
    shift 2
    "$tool/bin/uv" pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate --no-emit-index-url --no-emit-find-links ${UPGRADE:+--upgrade} --output-file "$lock" "$@" >/dev/null
    { printf '%s\n' "$header" && cat "$lock"; } >build/new.lock
    mv build/new.lock "$lock"
}

# The largest first; the others keep to the versions it chose.
write_lock requirements-dev.lock "developing and testing" pyproject.toml --extra dev
write_lock requirements.lock "the program" pyproject.toml --constraints installer/requirements-dev.lock
printf 'hatchling\n' |
    write_lock requirements-build.lock "installing the checkout itself" - --constraints installer/requirements-dev.lock
