//! Where the sound of a track lies on the disk: in the media folder, under the hash of its content,
//! or in the library folder of the owner.

use crate::domain::track::MediaRef;
use std::path::{Component, Path, PathBuf};

const MEDIA: &str = "media:";
const LIBRARY: &str = "library:";

/// The two folders.
#[derive(Clone, Debug)]
pub struct Places {
    pub media_dir: PathBuf,
    pub library_dir: Option<PathBuf>,
}

impl Places {
    /// The file of a track; `None` when the folder is not there any more or the reference points
    /// out of it.
    pub fn path(&self, media: &MediaRef) -> Option<PathBuf> {
        let (dir, name) = if let Some(name) = media.0.strip_prefix(MEDIA) {
            (self.media_dir.as_path(), name)
        } else {
            (self.library_dir.as_deref()?, media.0.strip_prefix(LIBRARY)?)
        };
        let inside = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        inside.then(|| dir.join(name))
    }

    pub(super) fn in_media(name: &str) -> MediaRef {
        MediaRef(format!("{MEDIA}{name}"))
    }

    pub(super) fn in_library(relative: &str) -> MediaRef {
        MediaRef(format!("{LIBRARY}{relative}"))
    }

    /// The name of a file in the media folder.
    pub(super) fn media_name(media: &MediaRef) -> Option<&str> {
        media.0.strip_prefix(MEDIA)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_never_leaves_its_folder() {
        let places = Places {
            media_dir: "/m".into(),
            library_dir: Some("/l".into()),
        };
        let path = |text: &str| places.path(&MediaRef(text.to_owned()));
        assert_eq!(path("media:a.mp3"), Some(PathBuf::from("/m/a.mp3")));
        assert_eq!(path("library:b/c.flac"), Some(PathBuf::from("/l/b/c.flac")));
        assert_eq!(path("library:../secret"), None);
        assert_eq!(path("media:/etc/passwd"), None);
        assert_eq!(path("else:a"), None);
    }
}
