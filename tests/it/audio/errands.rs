//! Programs of others, run within limits and kept on a leash. Nothing of ours reaches them, and nothing
//! of theirs outlives them.

use rondo::audio::{Done, Errand, Undone};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

fn errand<'a>(folder: &'a Path, script: &str) -> Errand<'a> {
    Errand {
        keeper: Path::new(env!("CARGO_BIN_EXE_rondo")),
        program: Path::new("/bin/sh"),
        arguments: vec!["-c".into(), script.into()],
        environment: &[],
        folder,
        time_limit: Duration::from_secs(20),
        output_limit: 1_000,
        disk_limit: 1_000,
    }
}

async fn run(script: &str) -> Result<Done, Undone> {
    let folder = TempDir::new().expect("a folder can be made");
    errand(folder.path(), script).run(&mut |_| {}).await
}

/// Whether a process of this number lives. One that has ended may wait to be reaped.
fn lives(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.trim())).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

#[tokio::test]
async fn what_it_says_is_heard_line_by_line_and_its_end_is_told() {
    let folder = TempDir::new().unwrap();
    let mut lines = Vec::new();
    let errand = errand(folder.path(), "echo one; echo oops >&2; printf two; exit 3");
    let done = errand.run(&mut |line| lines.push(line.to_owned())).await;
    let done = done.unwrap();
    assert!(!done.success);
    assert_eq!(done.output, b"one\ntwo");
    assert_eq!(done.complaint, "oops\n");
    assert_eq!(lines, ["one"]);
}

#[tokio::test]
async fn it_knows_nothing_of_us() {
    // Not even from the file that the bot reads its settings from.
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join(".env"), "DISCORD_TOKEN=s3cret\n").unwrap();
    let done = errand(folder.path(), "env").run(&mut |_| {}).await.unwrap();
    let said = String::from_utf8(done.output).unwrap();
    let known = |line: &str| {
        let own = ["PWD=", "OLDPWD=", "_=", "SHLVL="];
        own.iter().any(|it| line.starts_with(it))
    };
    assert!(said.lines().all(known) && done.success, "{said}");
}

#[tokio::test]
async fn every_limit_ends_it() {
    let endless = "while :; do echo more; done";
    assert!(matches!(run(endless).await, Err(Undone::TooLoud)));
    let heavy = "while :; do echo more >> file; done";
    assert!(matches!(run(heavy).await, Err(Undone::TooLarge)));
    let folder = TempDir::new().unwrap();
    let mut hanging = errand(folder.path(), "echo $$ >id; exec sleep 1000");
    hanging.time_limit = Duration::from_secs(2);
    let undone = hanging.run(&mut |_| {}).await;
    assert!(matches!(undone, Err(Undone::TooSlow)));
    let id = std::fs::read_to_string(folder.path().join("id")).unwrap();
    while lives(&id) {
        tokio::task::yield_now().await;
    }
    let mut absent = errand(folder.path(), "");
    absent.program = Path::new("/no/such/program");
    assert!(matches!(absent.run(&mut |_| {}).await, Err(Undone::Absent)));
    absent = errand(folder.path(), "");
    absent.program = folder.path();
    assert!(matches!(
        absent.run(&mut |_| {}).await,
        Err(Undone::NotRun(_))
    ));
}

#[tokio::test]
async fn those_it_started_end_with_it_wherever_they_have_gone() {
    // They keep the output open, and say who they are: one in its group, one in a session of its own
    // that has lost its parent, and one that this has started.
    let script = "sleep 1000 & echo $! >>said
        (setsid sh -c 'echo $$ >>said; sleep 1000 & echo $! >>said; exec sleep 1000' &)
        while [ $(grep -c . said) -lt 3 ]; do :; done
        cat said";
    let folder = TempDir::new().unwrap();
    let done = errand(folder.path(), script).run(&mut |_| {}).await;
    let said = String::from_utf8(done.unwrap().output).unwrap();
    assert_eq!(said.lines().count(), 3, "{said}");
    for id in said.lines() {
        assert!(!lives(id), "{id} of {said}");
    }
}
