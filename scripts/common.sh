# What the scripts share. Each sources this when it is in the top folder.
# shellcheck shell=bash

say() { printf '%s\n' "scripts/$(basename "$0"): $*" >&2; }

# install WHAT DEBIAN_PACKAGES [BREW_FORMULAE]
install() {
    say "$1 is missing: installing it"
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    # shellcheck disable=SC2086 # several packages are several words
    if command -v apt-get >/dev/null; then
        "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq $2
    elif [ -n "${3:-}" ] && command -v brew >/dev/null; then
        brew install --quiet $3
    else
        false
    fi >&2 || {
        say "install $1 by hand (Debian's packages: $2), and run this again"
        exit 1
    }
}

# find_program NAME: where a program of Postgres is. What Debian has on the path is a wrapper: its
# folders go first, the newest before the others.
find_program() {
    local folder
    for folder in "${PG_BIN:-/nowhere}" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) \
        /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        [ ! -x "$folder/$1" ] || { printf '%s\n' "$folder/$1"; return; }
    done
    command -v "$1"
}

# Where cargo puts what it builds.
target_folder() {
    cargo metadata --format-version 1 --no-deps |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
