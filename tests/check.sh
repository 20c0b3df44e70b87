#!/bin/sh
# The rounds of tests behind `make check` and `make check-long`. docs/testing.md says what each covers.
#
#   everyday   gcc: all rings · gcc with ASan and UBSan: all rings · clang with TSan: integration
#   long       the same with many seeds, clang-tidy, Memcheck, then libFuzzer on every decoder
#   bench      the benchmarks of a release build, one JSON line each
set -u
cd "$(dirname "$0")/.."
results=build/results
rm -rf "$results"
mkdir -p "$results"
failed_rounds=

# Tests wait for disks, links and each other more than they compute: two at a time for each core.
jobs=$((2 * $(nproc)))

# round NAME PRESET CTEST-ARGUMENTS...: configure, build, test, keep the log
round() {
    name=$1 preset=$2
    shift 2
    echo "== $name"
    start=$(date +%s)
    { cmake --preset "$preset" >"$results/$name.build" 2>&1 && cmake --build --preset "$preset" >>"$results/$name.build" 2>&1; } || {
        tail -n 40 "$results/$name.build"
        failed_rounds="$failed_rounds $name(build)"
        return
    }
    (cd "build/$preset" && ctest --no-tests=error "-j$jobs" --output-on-failure "$@" >../../"$results/$name.test" 2>&1) || {
        grep -v ' Passed ' "$results/$name.test" | tail -n 200
        failed_rounds="$failed_rounds $name"
    }
    cp "build/$preset/Testing/Temporary/LastTest.log" "$results/$name.full" 2>/dev/null
    grep -E 'tests passed|tests failed' "$results/$name.test"
    echo "   $(($(date +%s) - start)) s"
}

# Layout and findings, both kept at zero: .clang-format, .clang-tidy.
tidy() {
    echo "== tidy"
    start=$(date +%s)
    { cmake --preset tidy && cmake --build --preset tidy; } >"$results/tidy.log" 2>&1 || {
        grep -v 'warnings generated' "$results/tidy.log" | tail -n 60
        failed_rounds="$failed_rounds tidy"
    }
    echo "   $(($(date +%s) - start)) s"
}

everyday() {
    export AYNI_SEEDS=${AYNI_SEEDS:-100} AYNI_SIM_SEEDS=${AYNI_SIM_SEEDS:-500}
    round dev dev -LE long
    AYNI_SEEDS=20 AYNI_SIM_SEEDS=40 AYNI_KILLS=20 round asan asan -LE long
    AYNI_KILLS=20 round tsan tsan -L integration -LE long
}

fuzz_seconds=${AYNI_FUZZ_SECONDS:-600}
fuzz() {
    cmake --preset fuzz >"$results/fuzz.build" 2>&1 && cmake --build --preset fuzz >>"$results/fuzz.build" 2>&1 || {
        tail -n 40 "$results/fuzz.build"
        failed_rounds="$failed_rounds fuzz(build)"
        return
    }
    for target in build/fuzz/bin/fuzz_*; do
        name=$(basename "$target")
        mkdir -p "$results/$name"
        echo "== $name, $fuzz_seconds s"
        "$target" -max_total_time="$fuzz_seconds" -artifact_prefix="$results/$name-" "$results/$name" \
            "tests/fuzz/corpus/${name#fuzz_}" >"$results/$name.log" 2>&1 || {
            tail -n 30 "$results/$name.log"
            failed_rounds="$failed_rounds $name"
        }
        grep -E '^(Done|stat::number)' "$results/$name.log"
    done
}

long() {
    export AYNI_SEEDS=${AYNI_SEEDS:-1000} AYNI_SIM_SEEDS=${AYNI_SIM_SEEDS:-500}
    tidy
    round dev dev
    AYNI_SEEDS=200 AYNI_SIM_SEEDS=1000 AYNI_CUTS=5 round asan asan -E 'integration.kills.long|sim.*.long'
    AYNI_CUTS=5 round tsan tsan -L integration -E 'integration.kills.long'
    AYNI_SEEDS=5 AYNI_SIM_SEEDS=10 CK_DEFAULT_TIMEOUT=600 round memcheck memcheck -L 'unit|sim|fuzz' -LE long --timeout 3600
    fuzz
}

bench() {
    programs=$(basename -s .c -a tests/bench/bench_*.c)
    # shellcheck disable=SC2086  # each is a word
    cmake --preset release -DAYNI_TESTS=ON >"$results/bench.build" 2>&1 &&
        cmake --build --preset release --target aynid ayni $programs >>"$results/bench.build" 2>&1 || {
        tail -n 40 "$results/bench.build"
        exit 1
    }
    for program in build/release/bin/bench_*; do
        "$program" || exit 1
    done
    for program in tests/bench/bench_*.py; do
        AYNI_BIN=build/release/bin AYNI_SOURCE=. /usr/bin/python3 "$program" || [ $? -eq 77 ] || exit 1
    done
    exit 0
}

count() {
    cat "$results"/*.test 2>/dev/null | grep -cE "$1" || true
}

case ${1:-everyday} in
everyday | long | bench) "$1" ;;
*)
    echo "usage: check.sh everyday|long|bench" >&2
    exit 2
    ;;
esac

skipped=$(count '\*\*\*Skipped')
if [ "$skipped" -gt 0 ]; then
    echo "skipped, with the reason:"
    grep -hE '^SKIP: ' "$results"/*.full 2>/dev/null | sort | uniq -c
fi
failed=$(count '\*\*\*(Failed|Timeout|Exception|Not Run)|\*\*\*Exception')
[ -z "$failed_rounds" ] || echo "failed rounds:$failed_rounds"
echo "$(count ' Passed ') passed, $failed failed, $skipped skipped"
[ -z "$failed_rounds" ]
