//! The rules of the house, checked on the sources as text: who may import whom, which crate lives
//! where, names that nobody may use. It runs nothing of the program.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails where its sources cannot be read"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module of `src/` with the modules of ours it may import, and the crates at home in it.
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("stage", &["domain"]),
    ("audio", &["domain"]),
    ("storage", &["domain"]),
    ("i18n", &["domain"]),
    ("share", &["domain"]),
    ("scrobble", &["domain"]),
    ("web", &["domain", "i18n", "stage", "storage", "share"]),
    (
        "discord",
        &[
            "domain", "i18n", "stage", "audio", "storage", "share", "scrobble",
        ],
    ),
    ("config", &[]),
    (
        "app",
        &[
            "domain", "stage", "audio", "storage", "i18n", "share", "scrobble", "discord", "web",
            "config",
        ],
    ),
];

/// Crates that only these modules may name.
const HOMES: &[(&str, &[&str])] = &[
    ("serenity", &["discord", "app"]),
    ("songbird", &["audio", "app"]),
    ("symphonia", &["audio"]),
    ("m3u8_rs", &["audio"]),
    ("inotify", &["audio"]),
    ("md5", &["audio", "scrobble"]),
    ("reqwest", &["audio", "discord", "scrobble"]),
    // In `discord` for the server of its tests.
    ("axum", &["web", "discord"]),
    ("askama", &["web"]),
    ("ipnet", &["web"]),
    ("governor", &["audio", "web"]),
    ("resvg", &["share"]),
    ("plotters", &["share"]),
    ("csv", &["share"]),
    // In `app` for its way to the system's randomness.
    ("chacha20poly1305", &["scrobble", "app"]),
    ("sqlx", &["storage"]),
    ("fluent_bundle", &["i18n"]),
    ("unic_langid", &["i18n"]),
    ("quick_xml", &["share"]),
    ("clap", &["config", "app"]),
    ("dotenvy", &["config"]),
    ("anyhow", &["app"]),
    ("fastrand", &["app"]),
    (
        "tokio",
        &[
            "stage", "audio", "storage", "scrobble", "discord", "web", "app",
        ],
    ),
    (
        "tracing",
        &[
            "stage", "audio", "storage", "i18n", "share", "scrobble", "discord", "web", "app",
        ],
    ),
];

/// A name that says that nobody decided whose it is.
const HOMELESS: &[&str] = &[
    "utils", "util", "common", "helpers", "types", "models", "manager", "misc",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust source under `folder`, path relative to the root, with its text.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(!found.is_empty(), "no sources under {folder}");
    found
}

/// The module of ours that a source belongs to: `src/stage/task.rs` to `stage`.
fn module_of(path: &str) -> &str {
    let inner = path.strip_prefix("src/").unwrap();
    let end = inner.find(['/', '.']).unwrap();
    &inner[..end]
}

/// The code of a source: without comment lines, and without its test module at the end.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// Every name after `crate::` in a line.
fn arrows(line: &str) -> Vec<&str> {
    line.split("crate::")
        .skip(1)
        .map(|rest| {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            &rest[..end]
        })
        .collect()
}

fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(&format!("{name}::"))
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn imports_go_down_the_stairs() {
    let floors: BTreeMap<_, _> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let module = module_of(&path);
        if matches!(module, "lib" | "main") {
            continue;
        }
        let allowed = floors
            .get(module)
            .unwrap_or_else(|| panic!("{path} stands on no floor"));
        for (line, code) in code(&text) {
            for arrow in arrows(code) {
                // An empty name is `use crate::{a, b}`, which hides its arrows.
                if arrow != module && !allowed.contains(&arrow) {
                    wrong.push(format!("{path}:{line}: {module} may not import `{arrow}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_at_home() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let module = module_of(&path);
        if matches!(module, "lib" | "main") {
            continue;
        }
        for (line, code) in code(&text) {
            for (name, homes) in HOMES {
                if names_crate(code, name) && !homes.contains(&module) {
                    wrong.push(format!("{path}:{line}: `{name}` does not live in {module}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_knows_nothing_but_std_and_serde() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        if module_of(&path) != "domain" {
            continue;
        }
        for (line, code) in code(&text) {
            let Some(import) = code.trim().strip_prefix("use ") else {
                continue;
            };
            let first = import.split("::").next().unwrap_or(import);
            if !matches!(first, "std" | "serde" | "super" | "crate" | "self") {
                wrong.push(format!("{path}:{line}: {code}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_module_is_homeless() {
    let mut wrong = Vec::new();
    for folder in ["src", "sandbox/src", "tests", "examples", "benches"] {
        for path in sources(folder).into_keys() {
            let parts: Vec<_> = path.split(['/', '.']).collect();
            if parts.iter().any(|part| HOMELESS.contains(part)) || path.ends_with("/mod.rs") {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_owns() {
    let mut wrong = Vec::new();
    for folder in ["src", "sandbox/src", "tests", "examples", "benches"] {
        for (path, text) in sources(folder) {
            if !text.starts_with("//!") {
                wrong.push(path);
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these open without a word about themselves:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn nothing_is_ignored_or_slept_through() {
    // Spelled in two halves, so that this file does not find itself.
    let forbidden = [
        ["#[ig", "nore"].concat(),
        ["to", "do!("].concat(),
        ["unimple", "mented!("].concat(),
        ["thread::", "sleep("].concat(),
    ];
    let mut wrong = Vec::new();
    for folder in ["src", "sandbox/src", "tests", "examples"] {
        for (path, text) in sources(folder) {
            for (index, line) in text.lines().enumerate() {
                if forbidden.iter().any(|word| line.contains(word.as_str())) {
                    wrong.push(format!("{path}:{}: {}", index + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_setting_stands_in_the_example() {
    let config = fs::read_to_string(root().join("src/config.rs")).unwrap();
    let example = fs::read_to_string(root().join(".env.example")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let names: Vec<_> = config
        .split("env = \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .chain(["SSL_CERT_FILE"])
        .collect();
    assert!(names.len() > 4, "the settings were not found in config.rs");
    for name in names {
        assert!(
            example.contains(&format!("{name}=")),
            "{name} is missing in .env.example"
        );
        assert!(readme.contains(name), "{name} is missing in README.md");
    }
}

#[test]
fn the_sandbox_does_not_know_the_bot() {
    let manifest = fs::read_to_string(root().join("sandbox/Cargo.toml")).unwrap();
    assert!(
        !manifest.contains("rondo"),
        "the sandbox must speak Discord, not Rondo"
    );
    assert!(Path::new(&root().join("sandbox/README.md")).exists());
}
