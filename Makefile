# The two commands of the README, and the lints. Each makes sure of what it needs first.
.PHONY: party test lint setup

# One evening with six people in a local sandbox; no Discord account needed. MUSIC=folder plays
# your own files.
party: setup
	cargo build --bin rondo --example party
	cargo run --quiet --example party

# Everything that is tested.
test: setup
	cargo test --workspace

lint: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet

setup:
	@sh scripts/setup.sh
