//! Where a body runs: a `SQLite` file in a folder that goes away, and a `PostgreSQL` database that
//! is made for it and dropped after it, whether it succeeds or not.

use futures_util::FutureExt;
use rondo::domain::ids::GuildId;
use rondo::domain::protocol::Record;
use rondo::storage::{Journal, JournalFailure, Store};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use std::io::Write;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::task::TaskTracker;
use url::Url;

/// The server that is tried unless `RONDO_TEST_POSTGRES` names another.
const DEFAULT_SERVER: &str = "postgres://postgres@127.0.0.1:5432/postgres";
/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An empty database, or what a body has made of it.
pub(crate) struct Place {
    pub(crate) url: String,
    /// The file, on `SQLite`.
    pub(super) file: Option<PathBuf>,
}

impl Place {
    pub(crate) fn of_file(file: &Path) -> Place {
        Place {
            url: format!("sqlite://{}", file.display()),
            file: Some(file.to_owned()),
        }
    }

    pub(super) async fn store(&self) -> Store {
        Store::open(&self.url).await.expect(&self.url)
    }

    pub(super) async fn desk(&self) -> Desk {
        let store = self.store().await;
        let tasks = TaskTracker::new();
        let journal = Journal::start(store.clone(), &tasks);
        Desk {
            store,
            journal,
            tasks,
        }
    }

    /// A connection that has nothing to do with the store's.
    pub(super) async fn stranger(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.url).await.expect("connects")
    }

    /// Does something behind the store's back.
    pub(crate) async fn meddle(&self, sql: &str) {
        let mut connection = self.stranger().await;
        run(&mut connection, sql).await;
        connection.close().await.expect("closes");
    }

    /// The number that a stranger is answered.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let mut connection = self.stranger().await;
        let row: AnyRow = sqlx::query(AssertSqlSafe(sql.to_owned()))
            .fetch_one(&mut connection)
            .await
            .expect(sql);
        connection.close().await.expect("closes");
        row.get(0)
    }
}

pub(super) async fn run(connection: &mut AnyConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .expect(sql);
}

/// A store with its writer.
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) journal: Journal,
    tasks: TaskTracker,
}

impl Desk {
    /// Keeps records and waits for the answer.
    pub(super) async fn try_keep(
        &self,
        guild: GuildId,
        records: Vec<Record>,
    ) -> Result<(), JournalFailure> {
        self.journal.keep(guild, records).await.wait().await
    }

    pub(super) async fn keep(&self, guild: GuildId, records: Vec<Record>) {
        self.try_keep(guild, records).await.expect("is kept");
    }

    /// Ends the writer and closes the database, as the program does when it ends.
    pub(super) async fn close(self) {
        drop(self.journal);
        self.tasks.close();
        self.tasks.wait().await;
        self.store.close().await;
    }
}

/// Runs the body on each database there is.
pub(super) async fn on_each(body: impl AsyncFn(&Place)) {
    on_sqlite(&body).await;
    on_postgres(&body).await;
}

pub(super) async fn on_sqlite(body: &impl AsyncFn(&Place)) {
    let folder = TempDir::new().expect("a folder can be made");
    body(&Place::of_file(&folder.path().join("rondo.db"))).await;
}

pub(crate) async fn on_postgres(body: &impl AsyncFn(&Place)) {
    let server = server();
    let Some(mut admin) = answering(&server).await else {
        return;
    };
    let name = format!("rondo_test_{:016x}", fastrand::u64(..));
    run(
        &mut admin,
        &format!("create database {name} template template0"),
    )
    .await;
    let mut url = Url::parse(&server).expect("an address");
    url.set_path(&name);
    let place = Place {
        url: url.into(),
        file: None,
    };
    let outcome = AssertUnwindSafe(body(&place)).catch_unwind().await;
    run(&mut admin, &format!("drop database {name} with (force)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

fn server() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever runs the tests names the server; the program's own config does not"
    )]
    std::env::var("RONDO_TEST_POSTGRES").unwrap_or_else(|_| DEFAULT_SERVER.to_owned())
}

/// A connection to the server, or a line that says that it was not tried. The line goes past the
/// test runner's capture, so that it is seen when everything passes.
async fn answering(server: &str) -> Option<AnyConnection> {
    static SAID: Once = Once::new();
    sqlx::any::install_default_drivers();
    let answer = tokio::time::timeout(PATIENCE, AnyConnection::connect(server)).await;
    if let Ok(Ok(connection)) = answer {
        return Some(connection);
    }
    let shown = Url::parse(server).map_or_else(
        |_| "RONDO_TEST_POSTGRES, which is no address".to_owned(),
        |url| {
            let host = url.host_str().unwrap_or_default();
            format!("{host}:{}", url.port().unwrap_or(5432))
        },
    );
    SAID.call_once(|| {
        let line = format!("not tried: PostgreSQL (no server at {shown})\n");
        std::io::stderr()
            .write_all(line.as_bytes())
            .expect("stderr takes a line");
    });
    None
}
