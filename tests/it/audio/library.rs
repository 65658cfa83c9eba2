//! The owner's folder: looked through with tags, searched by words, never left.

use super::{Desk, fixture};
use rondo::domain::track::Origin;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A folder whose library holds these files.
fn filled(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    for (name, of) in files {
        let path = folder.path().join("library").join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it is made");
        fs::write(path, fixture(of)).expect("it is written");
    }
    folder
}

/// How long a change may take to be found; the regular scan comes minutes later.
const SOON: Duration = Duration::from_secs(30);

/// Waits until this is so.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        let mut every = tokio::time::interval(Duration::from_millis(20));
        while !is_so() {
            every.tick().await;
        }
    };
    let waited = tokio::time::timeout(SOON, waiting).await;
    assert!(waited.is_ok(), "not so after {SOON:?}: {what}");
}

/// Waits until the first look through the folder has found so many.
async fn looked_through(desk: &Desk, count: usize) {
    until("so many pieces are found", || {
        desk.intake.search_library("", 100).len() >= count
    })
    .await;
}

fn titles(desk: &Desk, words: &str) -> Vec<String> {
    let hits = desk.intake.search_library(words, 100);
    hits.into_iter().map(|hit| hit.title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_are_found_by_their_tags_and_their_place() {
    let folder = filled(&[
        ("Björk/one.mp3", "tone.mp3"),
        ("two.flac", "tone.flac"),
        ("three.opus", "tone.opus"),
    ]);
    let library = folder.path().join("library");
    fs::write(library.join("notes.txt"), "no music").expect("it is written");
    fs::write(library.join("fake.mp3"), "no music").expect("it is written");
    let desk = Desk::at(folder, &[]);
    looked_through(&desk, 3).await;
    assert_eq!(
        titles(&desk, "").len(),
        3,
        "what cannot be played is not there"
    );
    assert_eq!(titles(&desk, "TONE.FLAC"), ["夜来香 tone.flac"]);
    assert_eq!(titles(&desk, "bjork"), ["夜来香 tone.mp3"]);
    assert_eq!(titles(&desk, "夜来 testers").len(), 3);
    assert_eq!(desk.intake.search_library("夜来", 2).len(), 2);
    let hits = desk.intake.search_library("bjork", 1);
    let track = desk.intake.from_library(&hits[0].id).await;
    let track = track.expect("it is there");
    assert_eq!(track.origin, Origin::Library);
    assert!(track.cover.is_some());
    let path = desk
        .intake
        .places()
        .path(&track.media)
        .expect("it has a place");
    assert_eq!(path, desk.library().join("Björk/one.mp3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_away_is_said_to_be_gone() {
    let desk = Desk::at(filled(&[("one.mp3", "tone.mp3")]), &[]);
    looked_through(&desk, 1).await;
    let id = desk.intake.search_library("", 1)[0].id.clone();
    fs::remove_file(desk.library().join("one.mp3")).expect("it is removed");
    assert!(desk.intake.from_library(&id).await.is_err());
    assert!(desk.intake.from_library("../../etc/passwd").await.is_err());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_out_of_the_folder_is_not_followed() {
    let folder = filled(&[("inside.opus", "tone.opus")]);
    let library = folder.path().join("library");
    let outside = folder.path().join("outside.mp3");
    fs::write(&outside, fixture("tone.mp3")).expect("it is written");
    let link = |to: &Path, name: &str| {
        std::os::unix::fs::symlink(to, library.join(name)).expect("it is made");
    };
    link(&outside, "leak.mp3");
    link(folder.path(), "up");
    link(&library, "round");
    let desk = Desk::at(folder, &[]);
    looked_through(&desk, 1).await;
    assert_eq!(titles(&desk, ""), ["夜来香 tone.opus"]);
}

/// A program that passes on what it is told to the real one, and writes it down.
fn counting(folder: &Path) -> PathBuf {
    let (program, count) = (folder.join("program"), folder.join("count"));
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> '{}'\nexec '{}' \"$@\"\n",
        count.display(),
        env!("CARGO_BIN_EXE_rondo"),
    );
    fs::write(&program, script).expect("it is written");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, mode).expect("it can be run");
    program
}

/// How often a file was looked into.
fn looked_into(folder: &Path) -> usize {
    fs::read_to_string(folder.join("count")).map_or(0, |text| text.lines().count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_changes_moves_or_goes_is_found_so_at_once() {
    let desk = Desk::at(filled(&[("one.mp3", "tone.mp3")]), &[]);
    looked_through(&desk, 1).await;
    let library = desk.library();
    let finds = |words: &'static str, count: usize| {
        let desk = &desk;
        async move {
            until(words, || titles(desk, words).len() == count).await;
        }
    };
    fs::write(library.join("dropped.flac"), fixture("tone.flac")).expect("it is written");
    finds("tone.flac", 1).await;
    // A folder with all in it, made elsewhere and moved in.
    let made = desk.folder.path().join("album");
    fs::create_dir_all(made.join("disc 1")).expect("it is made");
    fs::write(made.join("disc 1/deep.opus"), fixture("tone.opus")).expect("it is written");
    fs::rename(&made, library.join("album")).expect("it is moved");
    finds("tone.opus", 1).await;
    // In a folder that came while it was watched.
    fs::write(library.join("album/disc 1/later.wav"), fixture("tone.wav")).expect("it is written");
    finds("later", 1).await;
    // Other tags, the same name.
    fs::write(library.join("dropped.flac"), fixture("alac.m4a")).expect("it is written");
    finds("alac.m4a", 1).await;
    finds("tone.flac", 0).await;
    fs::rename(library.join("album"), library.join("renamed")).expect("it is moved");
    finds("renamed", 2).await;
    finds("album/disc", 0).await;
    fs::remove_file(library.join("one.mp3")).expect("it is removed");
    finds("tone.mp3", 0).await;
    fs::remove_dir_all(library.join("renamed")).expect("it is removed");
    finds("", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_looks_only_into_what_has_changed() {
    let folder = filled(&[("one.mp3", "tone.mp3"), ("two.flac", "tone.flac")]);
    let path = folder.path().to_owned();
    fs::write(path.join("library/fake.mp3"), "no music").expect("it is written");
    let program = counting(&path);
    let desk = Desk::run_by(program.clone(), folder, &[]);
    looked_through(&desk, 2).await;
    let index = path.join("media/library.index");
    until("it is remembered", || index.exists()).await;
    assert_eq!(looked_into(&path), 3);
    // The owner's file is not one that nobody needs.
    let written = index.metadata().and_then(|facts| facts.modified());
    let far = written.expect("it is there") + Duration::from_hours(1_000);
    let gone = desk.intake.collect(&std::collections::HashSet::new(), far);
    assert_eq!(gone.expect("it is looked through"), 0);
    let Desk { folder, .. } = desk;
    fs::write(path.join("library/three.opus"), fixture("tone.opus")).expect("it is written");
    let desk = Desk::run_by(program, folder, &[]);
    looked_through(&desk, 3).await;
    assert_eq!(looked_into(&path), 4, "the new one");
    assert_eq!(titles(&desk, "tone.mp3").len(), 1);
    // A memory that has been damaged costs time and nothing else.
    let Desk { folder, .. } = desk;
    fs::write(&index, "nonsense").expect("it is written");
    let desk = Desk::at(folder, &[]);
    looked_through(&desk, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_beside_the_file_is_its_cover() {
    let folder = filled(&[("album/plain.wav", "tone.wav"), ("own/own.mp3", "tone.mp3")]);
    let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 100]].concat();
    for album in ["album", "own"] {
        let path = folder.path().join("library").join(album);
        fs::write(path.join("Folder.png"), &picture).expect("it is written");
    }
    let desk = Desk::at(folder, &[]);
    looked_through(&desk, 2).await;
    let mut covers = Vec::new();
    for words in ["plain", "own"] {
        let hit = desk.intake.search_library(words, 1).remove(0);
        let track = desk
            .intake
            .from_library(&hit.id)
            .await
            .expect("it is there");
        let cover = track.cover.expect("it has a cover");
        covers.push(fs::read(desk.folder.path().join("media").join(cover)).expect("it is kept"));
    }
    assert_eq!(covers[0], picture);
    assert_ne!(covers[1], picture, "a picture in the file goes before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_was_taken_in_is_not_looked_into_again_until_it_changes() {
    use std::os::unix::fs::PermissionsExt;
    let folder = filled(&[("one.flac", "tone.flac")]);
    // Counts how often a file is looked into.
    let (counter, looks) = (folder.path().join("counter"), folder.path().join("looks"));
    let script = format!(
        "#!/bin/sh\necho look >>'{}'\nexec '{}' \"$@\"\n",
        looks.display(),
        env!("CARGO_BIN_EXE_rondo")
    );
    fs::write(&counter, script).expect("it is written");
    fs::set_permissions(&counter, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let desk = Desk::run_by(counter, folder, &[]);
    looked_through(&desk, 1).await;
    let count = || {
        fs::read_to_string(&looks)
            .expect("it is read")
            .lines()
            .count()
    };
    let id = desk.intake.search_library("", 1)[0].id.clone();
    let before = count();
    // What is offered to somebody is looked into while they choose, and once is enough.
    desk.intake.look_ahead(&id);
    let first = desk.intake.from_library(&id).await.expect("it is there");
    assert_eq!(count(), before + 1);
    let again = desk.intake.from_library(&id).await.expect("it is there");
    assert_eq!((first, count()), (again, before + 1));
    fs::write(desk.library().join("one.flac"), fixture("tone.mp3")).expect("it is written");
    let other = desk.intake.from_library(&id).await.expect("it is there");
    assert!(other.key.0.starts_with("sha256:") && count() > before + 1);
    fs::remove_file(desk.library().join("one.flac")).expect("it is removed");
    let gone = desk.intake.from_library(&id).await;
    assert!(gone.is_err(), "{gone:?}");
}
