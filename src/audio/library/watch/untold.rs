//! Where the system is not asked to tell of changes: the regular scan finds them.

use super::Change;
use std::io;
use std::path::Path;

/// The folders that are watched: none.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Folders;

pub(super) struct Reports;

pub(super) fn start() -> io::Result<(Reports, Folders)> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

impl Folders {
    pub(in super::super) fn enter(&mut self, _folder: &Path) {}
}

impl Reports {
    pub(super) async fn next(&mut self) -> Vec<Change> {
        std::future::pending().await
    }
}
