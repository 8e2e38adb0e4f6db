#!/usr/bin/env bash
# Proves the two commands on a Debian 12 that has python3, python3-venv, make, git and ca-certificates and nothing else.
# Usage, as root, with debootstrap installed: packaging/prove_on_bare_debian.sh FOLDER [COMMIT]
# FOLDER gets the Debian (used again if it is there); mirror and package index are this machine's own.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "This needs root, for debootstrap and chroot." >&2; exit 1; }
[ $# -ge 1 ] || { echo "Usage: $0 FOLDER [COMMIT]" >&2; exit 2; }

project=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd)
commit=${2:-HEAD}
base=$work/base.tar
root=$work/root
place="/srv/bounce assistant" # a space, to see that no command minds
mounts=()

clean_up() {
  local pid there
  # What the commands may have left running in the root would keep its mounts.
  for pid in /proc/[0-9]*; do
    there=$(readlink "$pid/root" 2>/dev/null || true)
    [ "$there" = "$root" ] && echo "still running: $(tr '\0' ' ' <"$pid/cmdline")" && kill "${pid#/proc/}"
  done
  for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do
    umount --recursive "${mounts[i]}" 2>/dev/null || umount --recursive --lazy "${mounts[i]}"
  done
}
trap clean_up EXIT

empty_root() {
  # A mount left by a killed run would have its contents deleted.
  ! grep -qF " ${root// /\\040}/" /proc/mounts || { echo "Something is still mounted below $root." >&2; exit 1; }
  rm -rf "$root"
  mkdir -p "$root"
}

mount_into() { # mount_into FOLDER_INSIDE OPTIONS...
  mkdir -p "$root$1"
  mount "${@:2}" "$root$1"
  mounts+=("$root$1")
}

debian_mirror() {
  sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\).*/\2/p' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1
}

make_base() {
  echo "== making a bare Debian 12 (kept as $base)"
  empty_root
  debootstrap --variant=minbase --include=python3,python3-venv,make,git,ca-certificates \
    bookworm "$root" "$(debian_mirror)" >"$work/debootstrap.log" || { tail "$work/debootstrap.log"; exit 1; }
  tar -C "$root" -cf "$base" .
}

use_this_machines_settings() {
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  rm -f "$root"/etc/apt/sources.list
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ -f "$file" ] && cp "$file" "$root$file"
  done
  apt-config dump | grep -E '^Acquire::(http|https|Check)' >"$root/etc/apt/apt.conf.d/99machine" || true
  cp -a /etc/ssl/certs/. "$root/etc/ssl/certs/"
  # pip: its settings as a file of its own, and whatever folders and files they name
  {
    echo "[global]"
    python3 -m pip config list | sed -n "s/^\(global\|:env:\)\.\([^=]*\)='\(.*\)'$/\2 = \3/p" |
      sed 's/\\n/\n    /g' | grep -v '^config-file' | awk '!seen[$1]++'
  } >"$root/etc/pip.conf"
  grep -oE '(file://)?/[^ ,]+' "$root/etc/pip.conf" | sed 's#^file://##' | sort -u | while read -r path; do
    path=${path%/simple} # an index of files names them from the folder above
    if [ -f "$path" ]; then
      install -D -m 644 "$path" "$root$path"
    elif [ -d "$path" ]; then
      echo "$path"
    fi
  done | sort -u >"$work/folders"
  while read -r folder; do
    mount_into "$folder" --bind -o ro "$folder"
  done <"$work/folders"
}

inside() { # inside USER COMMAND...
  chroot "$root" /usr/bin/env -i HOME="$(chroot "$root" sh -c "echo ~$1")" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    LANG=C.UTF-8 PIP_CONFIG_FILE=/etc/pip.conf setpriv --reuid="$1" --regid="$1" --init-groups \
    bash -c "cd '$2' && ${*:3}" </dev/null
}

timed() { # timed LABEL USER FOLDER COMMAND...
  local began=$SECONDS outcome=passed
  echo "== $1"
  inside "${@:2}" >"$work/log" 2>&1 || outcome="DID NOT PASS ($?)"
  cp "$work/log" "$work/$(tr -c 'a-z0-9\n' '-' <<<"${1,,}").log"
  tail -n 8 "$work/log"
  summary+=("$(printf '%-44s %5d s  %s' "$1" $((SECONDS - began)) "$outcome")")
}

[ -f "$base" ] || make_base
echo "== unpacking it"
empty_root
tar -C "$root" -xf "$base"
mount_into /proc -t proc proc
mount_into /dev --rbind --make-rslave /dev
use_this_machines_settings
chroot "$root" useradd --create-home rosa
git clone --quiet --no-hardlinks "$project" "$root$place"
git -C "$root$place" checkout --quiet "$(git -C "$project" rev-parse "$commit")"
cp -a "$root$place" "$root/home/rosa/project"
chroot "$root" chown -R rosa:rosa /home/rosa/project

summary=()
with_picture="make demo && test -s demo-window.png && rm demo-window.png"
timed "make demo as a user, libraries missing" rosa /home/rosa/project make demo
timed "make demo as root, the first time" root "$place" "$with_picture"
timed "make demo as root, the second time" root "$place" "$with_picture"
timed "make test as root" root "$place" make test
timed "make demo as a user, libraries there" rosa /home/rosa/project "$with_picture"
echo "== $(git -C "$project" log -1 --format='%h %s' "$commit")"
printf '%s\n' "${summary[@]}"
! printf '%s\n' "${summary[@]}" | grep -q "DID NOT PASS"
