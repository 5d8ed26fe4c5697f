#!/bin/sh
# Checks incident_outbox.pml: no error with every guard, an error without any one of them. Exit 77 without spin.
# VIGIE_MODEL=whole: the incident's whole life, a minute and some gigabytes more.
set -eu
command -v spin >/dev/null && command -v gcc >/dev/null || { echo "spin or gcc is not here"; exit 77; }
model=$(cd "$(dirname "$0")" && pwd)/incident_outbox.pml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# verify KIND GUARD_OUT SIZE: prints the number of errors.
verify() {
  spin -a ${2:+-D"$2"} $3 "$model" >/dev/null
  if [ "$1" = safety ]; then
    gcc -O2 -w -DSAFETY -DNOCLAIM -DCOLLAPSE -o pan pan.c && ./pan -m1000000 >report 2>&1
  else
    gcc -O2 -w -DCOLLAPSE -DNFAIR=4 -o pan pan.c && ./pan -a -f -m1000000 >report 2>&1
  fi
  grep -q 'max search depth too small' report && { echo "the search was cut short" >&2; exit 1; }
  sed -n 's/.*errors: \([0-9]*\).*/\1/p' report
}

wrong=0
expect() { # KIND GUARD_OUT WANTED SIZE
  found=$(verify "$1" "$2" "$4")
  states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' report)
  echo "$1 ${2:-with every guard}: $found errors, $states states"
  case "$3:$found" in 0:0) ;; 0:*|1:0|1:) wrong=1 ;; esac
}

few="-DEVENTS=2 -DMISHAPS=1"
expect safety "" 0 "-DEVENTS=3 -DMISHAPS=1"
expect safety "" 0 "-DEVENTS=2 -DMISHAPS=2"
if [ "${VIGIE_MODEL:-}" = whole ]; then expect safety "" 0 "-DEVENTS=4 -DMISHAPS=1"; fi
expect liveness "" 0 "$few"
for guard in NO_ORDER NO_RULE_R; do expect safety $guard 1 "$few"; done
expect safety NO_FENCE 1 "-DEVENTS=2 -DMISHAPS=2"
for guard in NO_LEASE NO_GIVE_UP; do expect liveness $guard 1 "$few"; done
exit $wrong
