//! Sound files as they come from people: every format, broken ones, links that lead astray, and the
//! owner's library.

mod broken;
mod deck;
mod errands;
mod formats;
mod library;
mod links;
mod mutants;
mod mutated;
mod opening;
mod radio;
mod server;
pub(crate) mod subsonic;

use rondo::audio::{Elsewhere, Intake, IntakeConfig, Places, SiteConfig, SubsonicConfig};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Largest file, in bytes.
const SIZE_LIMIT: u64 = 400_000;

/// A file of `tests/media`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media");
    std::fs::read(path.join(name)).expect(name)
}

/// An intake with folders of its own.
struct Desk {
    intake: Intake,
    folder: TempDir,
    _stop: DropGuard,
}

impl Desk {
    /// One that takes files from these hosts wherever they are.
    fn trusting(hosts: &[&str]) -> Desk {
        let folder = TempDir::new().expect("a folder can be made");
        let library_dir = folder.path().join("library");
        std::fs::create_dir_all(&library_dir).expect("a folder can be made");
        Desk::at(folder, hosts)
    }

    fn at(folder: TempDir, hosts: &[&str]) -> Desk {
        Desk::run_by(env!("CARGO_BIN_EXE_rondo").into(), folder, hosts)
    }

    /// One that knows a music server.
    fn with_server(server: SubsonicConfig) -> Desk {
        let folder = TempDir::new().expect("a folder can be made");
        let program = env!("CARGO_BIN_EXE_rondo").into();
        Desk::made((program, Some(server)), folder, &[])
    }

    /// One whose files are looked into by this program.
    fn run_by(program: PathBuf, folder: TempDir, hosts: &[&str]) -> Desk {
        Desk::made((program, None), folder, hosts)
    }

    fn made(
        (program, server): (PathBuf, Option<SubsonicConfig>),
        folder: TempDir,
        hosts: &[&str],
    ) -> Desk {
        let config = IntakeConfig {
            places: Places {
                media_dir: folder.path().join("media"),
                library_dir: Some(folder.path().join("library")),
            },
            trusted_hosts: hosts
                .iter()
                .map(ToString::to_string)
                .collect::<BTreeSet<_>>(),
            size_limit: SIZE_LIMIT,
            room_limit: u64::MAX / 100,
            length_limit: Duration::from_hours(2),
            site: SiteConfig::default(),
            elsewhere: Elsewhere::default(),
            server,
            program,
        };
        let stop = CancellationToken::new();
        let intake = Intake::new(config, &TaskTracker::new(), &stop).expect("the intake opens");
        Desk {
            intake,
            folder,
            _stop: stop.drop_guard(),
        }
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    /// What lies in the media folder.
    fn kept(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("media")).expect("it is there");
        let names = entries.map(|entry| entry.expect("it is read").file_name());
        let mut names: Vec<String> = names.map(|it| it.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}
