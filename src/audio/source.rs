//! Where sound comes from: every kind of source behind one enum, made of the reference that a track
//! carries. A track's file is asked for when its turn comes near, and fetched then if it is far
//! away. Whose turn it is, and what is done with the file, is for others to know.

use super::IntakeFailure;
use super::intake::hex;
use super::place::Places;
use crate::domain::track::MediaRef;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

const SITE: &str = "site:";
const SUBSONIC: &str = "subsonic:";
const STREAM: &str = "stream:";
/// Beginning of the names of files in the media folder that were fetched for a turn.
const FAR: &str = "far-";

/// The sources there are, each with what it knows the sound by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// A file in the media folder or the library.
    Near,
    /// The page of a site.
    Site(&'a str),
    /// The id of a song on the owner's music server.
    Subsonic(&'a str),
    /// The address of a live stream.
    Stream(&'a str),
}

impl Source<'_> {
    pub(super) fn of(media: &MediaRef) -> Source<'_> {
        let after = |scheme: &str| media.0.strip_prefix(scheme);
        if let Some(link) = after(SITE) {
            Source::Site(link)
        } else if let Some(id) = after(SUBSONIC) {
            Source::Subsonic(id)
        } else if let Some(link) = after(STREAM) {
            Source::Stream(link)
        } else {
            Source::Near
        }
    }

    /// The name, without its ending, of the file in the media folder that holds this sound; `None`
    /// when it lies elsewhere or nowhere.
    pub(super) fn stem(media: &MediaRef) -> Option<String> {
        match Source::of(media) {
            Source::Near => {
                let name = Places::media_name(media)?;
                name.split('.').next().map(str::to_owned)
            }
            Source::Site(_) | Source::Subsonic(_) => {
                let hash = hex(&Sha256::digest(media.0.as_bytes()));
                Some(format!("{FAR}{hash}"))
            }
            Source::Stream(_) => None,
        }
    }
}

/// Gives the sound of tracks. Clones share the work.
#[derive(Clone, Debug)]
pub struct Sources {
    places: Places,
}

impl Sources {
    /// Of what lies in these folders.
    pub fn new(places: Places) -> Sources {
        Sources { places }
    }

    /// The file with the sound of a track, fetched first if it is far away. Live sound has none.
    #[expect(
        clippy::unused_async,
        reason = "callers wait: what is far away is fetched here"
    )]
    pub async fn file(&self, media: &MediaRef) -> Result<PathBuf, IntakeFailure> {
        match Source::of(media) {
            Source::Near => self.places.path(media).ok_or(IntakeFailure::NotFound),
            Source::Site(_) | Source::Subsonic(_) => Err(IntakeFailure::NotSetUp),
            Source::Stream(_) => Err(IntakeFailure::Live),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_tells_its_source_and_its_file() {
        let media = |text: &str| MediaRef(text.to_owned());
        let site = media("site:https://tube.example/1");
        assert_eq!(Source::of(&site), Source::Site("https://tube.example/1"));
        assert_eq!(Source::of(&media("subsonic:7")), Source::Subsonic("7"));
        let stream = media("stream:http://radio.example/");
        assert_eq!(Source::of(&stream), Source::Stream("http://radio.example/"));
        assert_eq!(Source::stem(&stream), None);
        let near = media("media:ab.flac");
        assert_eq!(Source::of(&near), Source::Near);
        assert_eq!(Source::stem(&near).as_deref(), Some("ab"));
        assert_eq!(Source::stem(&media("library:a/b.mp3")), None);
        let stem = Source::stem(&site).unwrap();
        assert!(
            stem.starts_with(FAR) && stem.len() == FAR.len() + 64,
            "{stem}"
        );
        assert_ne!(
            Source::stem(&media("site:https://tube.example/2")),
            Some(stem)
        );
    }
}
