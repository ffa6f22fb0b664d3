# Builds a root out of bind mounts in namespaces of its own, moves into it and runs a command there without any right.
# build-root.sh ROOT HOME TMPFS_BYTES FOLDER {ro FROM TO | rw FROM TO | link TARGET PATH}... -- NAME=VALUE... COMMAND...
set -eu
root=$1 home=$2 bytes=$3 folder=$4
shift 4

private() {
  mkdir -p "$root$1"
  mount -t tmpfs -o "nosuid,nodev,size=$bytes,mode=$2" tmpfs "$root$1"
}

place() {
  if [ -d "$1" ]; then
    mkdir -p "$root$2"
  elif [ ! -e "$root$2" ]; then
    mkdir -p "$(dirname "$root$2")"
    : >"$root$2"
  fi
  mount --rbind "$1" "$root$2"
}

# A remount is not recursive in every util-linux, and what is mounted below would stay writable.
freeze() {
  while read -r _ _ _ _ point _; do
    point=$(printf '%b' "$point")
    case $point in "$1" | "$1"/*) mount -o remount,bind,ro "$point" ;; esac
  done </proc/self/mountinfo
}

mount -t tmpfs -o "nosuid,nodev,size=$bytes,mode=755" tmpfs "$root"
mkdir "$root/proc" "$root/dev"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in null zero full random urandom; do place "/dev/$device" "/dev/$device"; done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
private /dev/shm 1777
private /tmp 1777
private "$home" 700

while [ "$1" != -- ]; do
  case $1 in
  link) mkdir -p "$(dirname "$root$3")" && ln -s "$2" "$root$3" ;;
  rw) place "$2" "$3" ;;
  ro) place "$2" "$3" && freeze "$root$3" ;;
  esac
  shift 3
done
shift

mkdir "$root/sys"
mount -t sysfs sysfs "$root/sys"
echo 0x9 >"$root/sys/class/net/lo/flags"
umount "$root/sys"
rmdir "$root/sys"

# One more user namespace, the one below: inside it nobody can make another, nor undo a mount of this one.
echo 1 >/proc/sys/user/max_user_namespaces
mount -o remount,bind,ro "$root"
cd "$root"
pivot_root . .
umount -l .
cd "$folder"
exec unshare --user --map-user=1000 --map-group=1000 --fork --kill-child=KILL -- /usr/bin/env -i "$@"
