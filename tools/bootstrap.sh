#!/bin/sh
# Makes .venv ready: finds or fetches Python, installs the locked packages and the project.
# tools/bootstrap.sh [--dev] [--browser] [extras]     A second run with nothing changed does nothing.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)
venv=.venv
stamp=$venv/.varangian-stamp
log=.tools/bootstrap.log
dev=''
browser=''
extras=''

say() { printf 'varangian: %s\n' "$*" >&2; }
fail() {
    say "$1"
    shift
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}

# Runs a command quietly; on failure shows the end of what it said, then our words.
quietly() {
    what=$1
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail "could not $what (the whole output is in $log)" \
            "No network? Set UV_DEFAULT_INDEX and PIP_INDEX_URL to your mirror," \
            "or UV_FIND_LINKS and PIP_FIND_LINKS to a folder of wheels. Then run this again."
    fi
}

sum() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi
}

# The project's place is part of it: an environment that was moved has scripts that do not start.
digest() {
    { printf '%s %s\n' "$root" "$*"; cat "$@" pyproject.toml tools/bootstrap.lock; } |
        sum | cut -d ' ' -f 1
}

# Prints the real path of an interpreter that is new enough. Some names on PATH are shims that only
# answer an error, so each is started.
probe() {
    "$1" -c 'import sys
if sys.version_info < (3, 12): raise SystemExit(1)
print(getattr(sys, "_base_executable", sys.executable))' 2>/dev/null
}

# pyenv keeps whole interpreters beside its shims, wherever HOME points.
pyenv_root() {
    shim=$(command -v python3) || shim=''
    case $shim in
        */shims/python3) printf '%s\n' "${shim%/shims/python3}" ;;
        *) printf '%s\n' "${PYENV_ROOT:-${HOME:-}/.pyenv}" ;;
    esac
}

find_python() {
    pyenv=$(pyenv_root)
    for minor in 3.13 3.12; do
        for candidate in "python$minor" "$pyenv/versions/$minor"*/bin/python \
            "/usr/local/bin/python$minor" ".tools/python/cpython-$minor"*/bin/python3; do
            probe "$candidate" && return 0
        done
    done
    probe python3
}

any_python() {
    for candidate in "$@" python3 /usr/local/bin/python3 /usr/bin/python3; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

install_uv() {
    helper=$(any_python "$1") || fail "no Python was found, and uv is not installed" \
        "Debian or Ubuntu:  apt-get install python3 python3-venv" \
        "elsewhere:         install Python 3.13 or uv, then run this again"
    say "fetching uv into .tools/uv"
    rm -rf .tools/uv
    if "$helper" -m venv .tools/uv >"$log" 2>&1 && [ -x .tools/uv/bin/pip ]; then
        quietly "install uv" .tools/uv/bin/pip install --quiet --require-hashes -r tools/bootstrap.lock
        return 0
    fi
    rm -rf .tools/uv
    "$helper" -m pip --version >/dev/null 2>&1 || fail "$helper has neither venv nor pip" \
        "Debian or Ubuntu:  apt-get install python3-venv"
    # A target folder leaves the system's packages alone; some versions of pip ask for the flag anyway.
    set -- -m pip install --quiet --require-hashes --target .tools/uv -r tools/bootstrap.lock
    "$helper" "$@" >"$log" 2>&1 || quietly "install uv" "$helper" "$@" --break-system-packages
}

find_uv() {
    if [ -x .tools/uv/bin/uv ] && .tools/uv/bin/uv --version >/dev/null 2>&1; then
        printf '%s\n' "$root/.tools/uv/bin/uv"
    elif command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
        command -v uv
    else
        return 1
    fi
}

fetch_python() {
    say "no Python 3.12 or newer here: asking uv for 3.13"
    UV_PYTHON_INSTALL_DIR=$root/.tools/python "$uv" python install 3.13 >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        fail "Python 3.12 or newer is needed and could not be fetched" \
            "Debian 13, Ubuntu 24.04 or newer:  apt-get install python3 python3-venv" \
            "older systems: install Python 3.13 by pyenv or from source so that python3.13 is on PATH"
    }
    find_python
}

install_browser() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
        say "installing chromium for the acceptance tests"
        mkdir -p .tools
        DEBIAN_FRONTEND=noninteractive
        export DEBIAN_FRONTEND
        quietly "refresh the package lists" apt-get update
        quietly "install chromium" apt-get install -y --no-install-recommends chromium
    else
        fail "the acceptance tests need chromium" "as root:  apt-get install chromium" \
            "or put a chromium or google-chrome on PATH"
    fi
}

# An extra is a lock of its own beside the core's: requirements-EXTRA.lock.
extra_locks() {
    for extra in $extras; do
        if [ "$extra" = all ]; then
            for lock in requirements-*.lock; do
                case $lock in requirements-dev.lock | requirements-ifc.lock | 'requirements-*.lock') ;; *) echo "$lock" ;; esac
            done
        elif [ "$extra" != dev ] && [ -f "requirements-$extra.lock" ]; then
            echo "requirements-$extra.lock"
        else
            fail "there is no extra called $extra"
        fi
    done
}

packages() {
    if ! probe "$venv/bin/python" >/dev/null; then
        say "making .venv with $python"
        quietly "make .venv" "$uv" venv --clear --python "$python" "$venv"
    fi
    say "installing $*"
    for lock in "$@"; do set -- "$@" -r "$lock"; shift; done
    quietly "install the packages" "$uv" pip install --python "$venv/bin/python" \
        --compile-bytecode --require-hashes "$@"
    quietly "install the project" "$uv" pip install --python "$venv/bin/python" \
        --no-deps --build-constraints tools/bootstrap.lock --editable .
    # Where the environment forbids to write bytecode, each process would compile all of it again.
    quietly "compile the project" "$venv/bin/python" -m compileall -q src
}

for argument in "$@"; do
    case $argument in
        --dev) dev=yes ;;
        --browser) browser=yes ;;
        -*) fail "unknown option $argument" "use: tools/bootstrap.sh [--dev] [--browser] [extras]" ;;
        *) extras="$extras $argument" ;;
    esac
done

if [ -n "$browser" ]; then install_browser; fi

# The file names hold no spaces, so the lists below may be split into words.
more=$(extra_locks)
core="requirements.lock $more"
if [ -n "$dev" ]; then locks="requirements-dev.lock $more"; else locks=$core; fi
want=$(digest $locks)
if [ -x "$venv/bin/python" ] && [ -f "$stamp" ] && grep -qxF "$want" "$stamp"; then exit 0; fi

# Trust what this machine trusts, such as the certificate of an organisation's own mirror.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-true}"
fi

mkdir -p .tools
python=$(find_python) || python=''
uv=$(find_uv) || { install_uv "$python"; uv=$(find_uv); }
if [ -z "$python" ]; then python=$(fetch_python); fi
rm -f "$stamp"
packages $locks
printf '%s\n' "$want" >"$stamp"
# The development lock holds the core, so it answers for both.
if [ -n "$dev" ]; then digest $core >>"$stamp"; fi
say "ready"
