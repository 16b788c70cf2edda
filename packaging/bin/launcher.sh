#!/bin/sh
# Starts @NAME@ of the folder that this file is in, also through a link in PATH, with the Node.js of that folder where it has one.
self=$0
[ -h "$self" ] && self=$(readlink -f "$self")
case $self in
*/bin/*) home=${self%/bin/*} ;;
*) home=$(cd "$(dirname "$self")/.." && pwd) ;;
esac
node=$home/node/bin/node
if [ ! -x "$node" ]; then
  node=$(command -v node) || {
    echo "@NAME@: there is no node in PATH: install Node.js 20.17 or newer, or use the archive that contains it" >&2
    exit 127
  }
fi
exec "$node" "$home/dist/bin/@NAME@.js" "$@"
