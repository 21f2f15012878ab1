#!/bin/sh
# The quick start from outside: a dossier goes home, nothing is left running, faults are said.
#   quickstart.sh SOURCE_DIR BUILD_DIR; output is TAP.
set -u
source=$1
DVCD_BUILD=$2
export DVCD_BUILD
count=0

dir=$(mktemp -d "${TMPDIR:-/tmp}/dvcd-it.XXXXXX") || exit 1
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# ok NAME TEST...
ok()
{
    count=$((count + 1))
    name=$1
    shift
    if "$@"; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        [ ! -f "$dir/out" ] || tail -n 30 "$dir/out" | sed 's/^/# /'
        for log in "$dir"/*/dvcd.log; do
            [ ! -f "$log" ] || grep -e '"level":"error"' -e '"level":"warn"' "$log" | tail -n 5 |
                sed 's/^/# /'
        done
    fi
}

free_port()
{
    python3 -c '
import random, socket
while True:
    with socket.socket() as probe:
        port = random.randrange(18000, 28000)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(port)
        break'
}

start() { sh "$source/config/quickstart" "$@" >"$dir/out" 2>&1; }
says() { grep -q -e "$1" "$dir/out"; }

# The pattern comes from standard input, so that grep does not find its own command line.
echo "$dir/" >"$dir/pattern"
left() { grep -lsF -f - /proc/[0-9]*/cmdline <"$dir/pattern"; }
none_left() { [ -z "$(left)" ]; }
ends_soon()
{
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        none_left && return 0
        sleep 0.5
    done
    return 1
}

# A letter that libpq and the shell take for something else.
data="$dir/it's data"
port=$(free_port)
start --once --port "$port" --data "$data"
ok "a dossier goes from filing to delivery" [ $? = 0 ]
ok "the delivery is said" says '^Delivered: dossier H24\.15\.03-[0-9]\{6\}-0001,'
ok "each desk is said" says '(clerk) numbers, seals and issues'
ok "nothing is left running" none_left
ok "the password is nobody else's" [ "$(stat -c %a "$data/demo-password")" = 600 ]
ok "the post has the one order" [ "$(grep -c '"t":"order".*-0001-R"' "$data/post.journal")" = 1 ]

sh "$source/config/quickstart" --port="$port" --data "$data" >"$dir/up" 2>&1 &
script=$!
tenths=600
until grep -q '^to stop' "$dir/up" || [ "$tenths" = 0 ]; do
    tenths=$((tenths - 1))
    sleep 0.1
done
cp "$dir/up" "$dir/out"
ok "it runs again on the same data" says '^Delivered: dossier H24\.15\.03-[0-9]\{6\}-0002,'
ok "it stays up" curl -fsS --noproxy '*' -o /dev/null "http://127.0.0.1:$port/readyz"

start --once --port "$port" --data "$dir/other"
ok "a taken port is refused" [ $? = 1 ]
ok "with its number and what to do" says "port $port .*--port"

kill -9 "$script"
wait "$script" 2>/dev/null
ok "killed hard, it leaves nothing running" ends_soon

start --once --port 0
ok "a port that is none is wrong use" [ $? = 100 ]
start --help
for option in once port data empty; do
    ok "help tells --$option" says "^  --$option "
done
echo "1..$count"
