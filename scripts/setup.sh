#!/bin/sh
# Makes sure that what the build needs is there: cargo, a C compiler and cmake (for libopus, which
# songbird encodes with). What is missing is installed with apt-get, as root or through sudo; on
# another system the line to run is named. Does nothing when everything is there.
set -eu

say() { printf '%s\n' "$*" >&2; }

if ! command -v cargo >/dev/null 2>&1; then
    [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
fi
if ! command -v cargo >/dev/null 2>&1; then
    say "Rust is not installed. Get it from https://rustup.rs, then run this again."
    exit 1
fi

missing=""
if ! command -v cc >/dev/null 2>&1; then
    missing="$missing gcc libc6-dev"
    say "A C compiler is missing: SQLite, libopus and ring are built with it."
fi
if ! command -v cmake >/dev/null 2>&1; then
    missing="$missing cmake"
    say "cmake is missing: libopus, which encodes the sound, is built with it."
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    say "Please install these with your system's package manager, then run this again:$missing"
    say "  Fedora: dnf install gcc cmake    Arch: pacman -S gcc cmake    macOS: brew install cmake"
    exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        say "Please run this as root, then run this again: apt-get install -y$missing"
        exit 1
    fi
    as_root="sudo"
fi
say "Installing with apt-get:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
