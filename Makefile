# The two commands of the README, and their sisters. Everything else is CMake: see CMakePresets.json and docs/hacking.md.

.DEFAULT_GOAL := help

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

packages: ## install what is missing of packaging/debian-packages
	@packaging/install-packages.sh

release: packages ## build the two programs, optimised, into build/release/bin
	@cmake --preset release -DAYNI_TESTS=OFF >/dev/null
	@cmake --build --preset release

demo: release ## found a federation of four nodes here and show what it does (KEEP=1 leaves it running)
	@KEEP=$(KEEP) AYNI_BIN=build/release/bin sh tests/demo/demo.sh

check: packages ## build and run every test that fits within 25 minutes
	@tests/check.sh everyday

check-long: ## many seeds, long fuzzing, benches: hours
	@packaging/install-packages.sh long
	@tests/check.sh long

bench: packages ## the benchmarks, one JSON line each
	@tests/check.sh bench

.PHONY: help packages release demo check check-long bench
