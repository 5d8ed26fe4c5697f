# Shared by ./run and ./test: packages and the build. Sourced, from the project's root, under set -euo pipefail.

BUILD_PACKAGES=(
  g++ cmake ninja-build pkg-config
  libcurl4-openssl-dev libsimdjson-dev libre2-dev libsqlite3-dev libboost1.81-dev libicu-dev libhowardhinnant-date-dev libcld2-dev
  libtomlplusplus-dev libcli11-dev libfmt-dev libpugixml-dev libxml2-dev libssl-dev libexpected-dev libxxhash-dev zlib1g-dev libtcmalloc-minimal4
  libcairo2-dev libsodium-dev
  libqrencode-dev
  ca-certificates tzdata
)
TEST_PACKAGES=(
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
  nginx-light python3 python3-aiosmtpd python3-feedparser python3-websockets prometheus prometheus-alertmanager apprise chromium fonts-dejavu-core openssl spin
  golang-go golang-golang-x-mod-dev
)
# Servers that journeys poll. Without them those journeys skip; everything else is tested all the same.
SERVER_PACKAGES=(
  php-cli php-mysql php-sqlite3 php-intl php-mbstring php-xml mariadb-server wordpress mediawiki
  dovecot-imapd
)

say() { printf 'vigie: %s\n' "$*" >&2; }
give_up() { say "$*"; exit 3; }

# need_packages NAME...: installs those of Debian's packages that are missing, and only those; removes nothing.
need_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || give_up "these packages are missing and this is no Debian to install them on: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || give_up "these packages are missing: ${missing[*]}. Install them as root, or run this with sudo available."
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  local log; log=$(mktemp)
  "${as_root[@]}" apt-get update -qq >"$log" 2>&1 || { cat "$log" >&2; give_up "apt-get update failed: is the network up?"; }
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --no-remove "${missing[@]}" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    if grep -q 'libboost' "$log"; then
      say "libboost1.81-dev conflicts with Debian's libboost1.74-dev (libboost-dev). Nothing was removed: remove libboost1.74-dev yourself if nothing of yours needs it, then run this again."
    fi
    give_up "the packages could not be installed"
  fi
  rm -f "$log"
}

# The same for packages that are good to have.
want_packages() {
  (need_packages "$@") || say "going on without them: the journeys that need them skip"
}

# build_release TARGET...: configures what is not configured yet, builds what changed. Without a target: everything, tests included;
# with one the tests, and so their packages, are not asked for.
build_release() {
  export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
  local options=()
  [ $# -gt 0 ] || grep -qs '^VIGIE_TESTS:BOOL=ON$' build/release/CMakeCache.txt || options=(-DVIGIE_TESTS=ON)
  [ $# -eq 0 ] || [ -f build/release/build.ninja ] || options=(-DVIGIE_TESTS=OFF)
  if [ ! -f build/release/build.ninja ] || [ ${#options[@]} -gt 0 ]; then
    say "configuring build/release"
    cmake --preset release "${options[@]}" >build-configure.log 2>&1 || { cat build-configure.log >&2; rm -f build-configure.log build/release/build.ninja; give_up "cmake failed"; }
    rm -f build-configure.log
  fi
  say "building ${*:-everything}"
  cmake --build --preset release ${1:+--target "$@"} -- --quiet 1>&2 || give_up "the build failed"
}

# need_node: node and npm, those on the machine when there are any, else Debian's; then the packages the tests use.
need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || need_packages nodejs npm
  if [ ! -f tests/node/node_modules/.package-lock.json ] || [ tests/node/package-lock.json -nt tests/node/node_modules/.package-lock.json ]; then
    say "installing the tests' npm packages"
    (cd tests/node && npm ci --ignore-scripts --no-audit --no-fund --silent 1>&2) || give_up "npm ci failed in tests/node: is the network up?"
  fi
}
