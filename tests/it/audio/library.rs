//! The owner's folder: looked through with tags, searched by words, never left.

use super::{Desk, fixture};
use rondo::domain::track::Origin;
use std::fs;
use std::path::Path;
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

/// Waits until the first look through the folder has found so many.
async fn looked_through(desk: &Desk, count: usize) {
    while desk.intake.search_library("", 100).len() < count {
        tokio::task::yield_now().await;
    }
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
