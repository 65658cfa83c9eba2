//! Folders for work that is under way, in the media folder so that what comes of it can be moved to
//! its place. They go when the work is over, and what a crash leaves is removed at the next start.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Beginning of the names of what is under way.
pub(in crate::audio) const PARTIAL: &str = "part-";

/// Makes such folders. Clones count together.
#[derive(Clone, Debug)]
pub(in crate::audio) struct Scratches {
    dir: PathBuf,
    made: Arc<AtomicU64>,
}

/// One of them, which goes with this value.
#[derive(Debug)]
pub(in crate::audio) struct Scratch(PathBuf);

impl Scratches {
    pub(in crate::audio) fn within(dir: PathBuf) -> Scratches {
        Scratches {
            dir,
            made: Arc::default(),
        }
    }

    pub(in crate::audio) fn folder(&self) -> io::Result<Scratch> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let path = self.dir.join(format!("{PARTIAL}s{number}"));
        std::fs::create_dir_all(&path)?;
        Ok(Scratch(path))
    }
}

impl Scratch {
    pub(in crate::audio) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::debug!(%error, "a folder of finished work stays until the next start");
        }
    }
}
