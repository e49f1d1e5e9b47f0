# Ends what Crossdock's local run has started when Crossdock itself is gone, however it ended.
# Its standard input is a pipe that only Crossdock holds; the pipe closes when Crossdock dies, be it by SIGKILL.
#   add <process id>       watch this process, which leads a process group of its own
#   remove <process id>    it has ended
#   container <engine> <name> | uncontainer <engine> <name>    the same for a container
watched=
containers=

while read -r verb first second; do
  case $verb in
    add) watched="$watched $first" ;;
    remove) watched=$(for id in $watched; do [ "$id" = "$first" ] || printf ' %s' "$id"; done) ;;
    container) containers="$containers $first:$second" ;;
    uncontainer) containers=$(for id in $containers; do [ "$id" = "$first:$second" ] || printf ' %s' "$id"; done) ;;
  esac
done

for id in $containers; do "${id%%:*}" rm -f "${id#*:}" > /dev/null 2>&1; done
[ -n "$watched" ] || exit 0

# Process id and parent's id of every process. Small Linux images have no ps.
processes() {
  if [ -r /proc/self/stat ]; then
    sed -n 's/^\([0-9]*\) (.*) [A-Za-z] \([0-9]*\) .*/\1 \2/p' /proc/[0-9]*/stat 2> /dev/null
  else
    ps -A -o pid= -o ppid=
  fi
}

# Descendants may have left the group (a session of their own): find them by parent, before their parents are gone.
descendants() {
  processes | awk -v roots="$1" '
    { parent[$1] = $2 }
    END {
      n = split(roots, r, " "); for (i = 1; i <= n; i++) found[r[i]] = 1
      do { grown = 0; for (p in parent) if (!(p in found) && (parent[p] in found)) { found[p] = 1; grown = 1 } } while (grown)
      for (p in found) print p
    }'
}
all=$(descendants "$watched")
for id in $watched; do kill -TERM -- "-$id" 2> /dev/null; done
tries=0
while [ $tries -lt 10 ]; do
  alive=
  for id in $watched; do kill -0 -- "-$id" 2> /dev/null && alive=1; done
  [ -n "$alive" ] || break
  sleep 0.2
  tries=$((tries + 1))
done
for id in $watched; do kill -KILL -- "-$id" 2> /dev/null; done
for id in $all; do kill -KILL "$id" 2> /dev/null; done
exit 0
