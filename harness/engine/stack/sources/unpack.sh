#!/bin/sh
# Imports an archive of images into a fresh containerd root: unpack.sh PROGRAMS ROOT STATE ARCHIVE
set -eu
programs=$1 root=$2 state=$3 archive=$4
"$programs/containerd" --config "$state/config.toml" --root "$root" --state "$state" \
  --address "$state/socket" >"$state/log" 2>&1 &
daemon=$!
tries=0
until "$programs/ctr" -a "$state/socket" version >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$daemon"; then tail -n 20 "$state/log" >&2; exit 1; fi
  sleep 0.1
done
"$programs/ctr" -a "$state/socket" -n k8s.io images import --all-platforms --digests "$archive"
"$programs/ctr" -a "$state/socket" -n k8s.io images check
kill "$daemon"
wait "$daemon" || true
