# Builds what the bench and the crash run need; sourced by their `run`. DVCD_BUILD names a build
# directory that is there already.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE

# stand_build TARGET...: sets build, and DVCD and POSTSIM for stand.py.
stand_build()
{
    build=${DVCD_BUILD:-}
    if [ -z "$build" ]; then
        if [ -w "$root" ]; then
            build=$root/build
        else
            build=${TMPDIR:-/tmp}/dvcd-$(id -u)/build
        fi
    fi
    if [ ! -e "$build/build.ninja" ]; then
        mkdir -p "$(dirname "$build")"
        meson setup "$build" "$root" >/dev/null
    fi
    if ! ninja -C "$build" "$@" >"$build/stand.log" 2>&1; then
        tail -n 40 "$build/stand.log"
        exit 1
    fi
    DVCD=$build/daemon/app/dvcd
    POSTSIM=$build/tests/sim/postsim
    export DVCD POSTSIM
}
