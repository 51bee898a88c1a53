#!/bin/sh
# Runs one command in the Debian tree with Wine, and leaves nothing of it behind: mounts, processes
# and every change to the tree end with the command. Started by wine_machine.ts as root, in mount
# and process namespaces of its own.
#
#   enter_wine.sh TREE SCRATCH CHECKOUT COMMAND [ARGUMENT ...]
#
# With WINE_CONSOLE in the environment, the command has a Windows console.
#
# SCRATCH gets what the command writes; with "-" it is written into the tree itself. CHECKOUT is
# the working folder and seen as /onhook, in Wine Z:\onhook.
set -eu
tree=$1 scratch=$2 checkout=$3
shift 3

lay_over() {
  mkdir -p "$scratch/upper" "$scratch/work" "$scratch/root"
  mount -t overlay -o "lowerdir=$tree,upperdir=$scratch/upper,workdir=$scratch/work" \
    overlay "$scratch/root"
}

root=$tree
if [ "$scratch" != - ]; then
  # A file system that cannot lie over another, as a container's: memory can.
  lay_over 2>/dev/null || { mount -t tmpfs tmpfs "$scratch" && lay_over; }
  root=$scratch/root
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/onhook"
mount --bind "$checkout" "$root/onhook"
# What somebody else owns, for tests of who is trusted.
mkdir -p "$root/foreign"
: >"$root/foreign/file"
chmod -R a+rwX "$root/foreign"
chown -R nobody "$root/foreign"
# Disks of as many MiB, for tests of full ones.
for mib in 1 4 8; do
  mkdir -p "$root/disk/$mib"
  mount -t tmpfs -o "size=${mib}m" tmpfs "$root/disk/$mib"
done
# Wine says here what it would write to the event log.
rm -f "$root/wine.fifo"
mkfifo "$root/wine.fifo"
tee "$root/wine.log" <"$root/wine.fifo" >&2 &
set -- chroot "$root" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/lib/wine:/usr/sbin:/usr/bin:/sbin:/bin \
  XDG_RUNTIME_DIR=/root WINEPREFIX=/prefix WINEDEBUG="${WINEDEBUG:--all,err+eventlog}" \
  WINEDLLOVERRIDES="mscoree,mshtml=" sh /wine.sh "$@"
cat >"$root/wine.sh" <<'END'
cd /onhook
[ -p /wine.out ] && exec >/wine.out
exec "$@" 2>/wine.fifo
END
code=0
if [ -z "${WINE_CONSOLE:-}" ]; then
  "$@" || code=$?
else
  # With a terminal Wine has a console; what is written goes past it.
  rm -f "$root/wine.out"
  mkfifo "$root/wine.out"
  cat <"$root/wine.out" &
  out=$!
  printf '%s\0' "$@" >"$root/wine.words"
  script -qc "xargs -0 -a '$root/wine.words' sh -c '\"\$@\"; echo \$? >$root/wine.code' sh" \
    /dev/null </dev/null >/dev/null
  wait "$out"
  code=$(cat "$root/wine.code")
fi
# The last words are still on their way, and all processes end with this one.
sleep 0.2
exit "$code"
