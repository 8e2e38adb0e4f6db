#!/usr/bin/env bash
# Makes the environment in .venv, once, and repairs a half-made one: setup.sh run (the program) | dev (its checks too).
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:-run}
quiet=
extras=$([ "$what" = dev ] && echo "[dev]" || true)
mark=.venv/finished # written last: without it the environment is half-made
sum=$(cat constraints.txt pyproject.toml | cksum)

stop() {
  printf '%s\n' "$1" >&2
  exit 1
}

suits() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
  local name found
  for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
    if suits "$name"; then
      printf '%s\n' "$name"
      return
    fi
  done
  found=$("${PYTHON:-python3}" --version 2>/dev/null || echo "no Python")
  stop "Bounce Assistant needs Python 3.11, 3.12 or 3.13, and here is $found. Install one of them (Debian: apt-get install python3 python3-venv) or name it: make demo PYTHON=/path/to/python3.12"
}

is_ready() {
  [ -f "$mark" ] && [ -x .venv/bin/python ] && grep -qxF "$PWD" "$mark" && grep -qxF "$sum" "$mark" &&
    { [ "$what" = run ] || grep -qxF dev "$mark"; }
}

make_venv() {
  local python
  python=$(find_python)
  echo "Making the environment in .venv with $("$python" --version) (once; about 100 MB to download) ..."
  rm -rf .venv
  "$python" -m venv .venv >/dev/null || {
    rm -rf .venv
    stop "Python could not make an environment. On Debian and Ubuntu its part for that is a package of its own: apt-get install python3-venv"
  }
}

install() {
  .venv/bin/python -m pip install $quiet --disable-pip-version-check --no-input -c constraints.txt "$@" </dev/null ||
    stop "The packages could not be installed (pip's own words are above). Check the connection and run the same command again."
}

if is_ready; then
  exit 0
fi
# A folder that was moved keeps the old place in its scripts, so it is made anew like a half-made one.
if [ -f "$mark" ] && grep -qxF "$PWD" "$mark" && .venv/bin/python -c 'import pip' 2>/dev/null; then
  echo "Bringing the environment in .venv up to date ..."
  quiet=--quiet
  if [ "$what" = run ] && grep -qxF dev "$mark"; then
    what=dev extras="[dev]"
  fi
else
  make_venv
fi
rm -f "$mark"
install hatchling
install --no-build-isolation -e ".$extras"
# What the first start would make and keep, bytecode included; where it can't be kept, the first start makes it again.
.venv/bin/python -c 'from bounce_assistant.services.knowledge import keep_all; keep_all()' 2>/dev/null || true
printf '%s\n' "$what" "$sum" "$PWD" >"$mark"
echo "The environment is ready."
