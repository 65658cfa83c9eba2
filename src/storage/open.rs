//! Opening the database: the file is made and locked, the tables are brought up to date.

use super::{StorageFailure, Store};
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection, Executor, SqlSafeStr};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Connections to `PostgreSQL`, and to a `SQLite` file (one writes, the others read).
const CONNECTION_LIMIT: u32 = 8;
/// How long a connection may take to be had.
const CONNECTION_WAIT: Duration = Duration::from_secs(10);

/// All migrations, oldest first; only ever appended to.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../../migrations/0001_first.sql")),
    (
        2,
        "boards",
        include_str!("../../migrations/0002_boards.sql"),
    ),
    (
        3,
        "keepsakes",
        include_str!("../../migrations/0003_keepsakes.sql"),
    ),
    (
        4,
        "sent_playlists",
        include_str!("../../migrations/0004_sent_playlists.sql"),
    ),
    (
        5,
        "people",
        include_str!("../../migrations/0005_people.sql"),
    ),
];

/// Readers don't wait for the writer (WAL); a commit is on the disk before it is answered (FULL);
/// a lock is waited for; what is deleted is overwritten, so that who was forgotten is not found in
/// the bytes of the file.
const SQLITE_PRAGMAS: &str = "pragma journal_mode = wal; pragma synchronous = full; \
     pragma busy_timeout = 10000; pragma foreign_keys = on; pragma temp_store = memory; \
     pragma secure_delete = on;";

fn migrator() -> Migrator {
    let migration = |(version, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            (*sql).into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect())
}

impl Store {
    /// Opens `sqlite://FILE` (made if it is not there), `sqlite::memory:` or `postgres://...`, and
    /// brings its tables up to date.
    pub async fn open(url: &str) -> Result<Store, StorageFailure> {
        sqlx::any::install_default_drivers();
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Store::open_sqlite(path.strip_prefix("//").unwrap_or(path)).await;
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            let hint = "it begins with sqlite:// or postgres://";
            return Err(StorageFailure::Address(hint.to_owned()));
        }
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTION_LIMIT)
            .acquire_timeout(CONNECTION_WAIT)
            .connect(url)
            .await
            .map_err(|error| not_opened("PostgreSQL", &error))?;
        Store::over(pool, None).migrated().await
    }

    async fn open_sqlite(path: &str) -> Result<Store, StorageFailure> {
        let path = path.split('?').next().unwrap_or(path);
        let in_memory = path == ":memory:";
        let lock = if in_memory {
            None
        } else {
            Some(Arc::new(locked(path)?))
        };
        // A database in memory is its one connection, which must not be given up.
        let connections = if in_memory { 1 } else { CONNECTION_LIMIT };
        let address = if in_memory {
            "sqlite::memory:".to_owned()
        } else {
            format!("sqlite://{path}?mode=rwc")
        };
        usable(&address)
            .await
            .map_err(|error| not_opened(path, &error))?;
        let mut options = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(CONNECTION_WAIT)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SQLITE_PRAGMAS).await.map(|_| ()) })
            });
        if in_memory {
            options = options
                .idle_timeout(None)
                .max_lifetime(None)
                .min_connections(1);
        }
        let pool = options
            .connect(&address)
            .await
            .map_err(|error| not_opened(path, &error))?;
        Store::over(pool, lock).migrated().await
    }

    fn over(pool: AnyPool, lock: Option<Arc<File>>) -> Store {
        Store {
            pool,
            _lock: lock,
            scrobbles: Arc::default(),
            making: Arc::default(),
        }
    }

    async fn migrated(self) -> Result<Store, StorageFailure> {
        if let Err(error) = migrator().run(&self.pool).await {
            self.close().await;
            return Err(not_migrated(&error));
        }
        Ok(self)
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether the file can be worked with. The pool would only say that it is tired: it tries a
/// connection that fails at its first statement again and again.
async fn usable(address: &str) -> Result<(), sqlx::Error> {
    let mut connection = AnyConnection::connect(address).await?;
    connection.execute(SQLITE_PRAGMAS).await?;
    connection.close().await
}

fn not_migrated(error: &MigrateError) -> StorageFailure {
    let known = MIGRATIONS.last().map_or(0, |(version, ..)| *version);
    match error {
        MigrateError::VersionMissing(found) if *found > known => StorageFailure::Newer {
            found: *found,
            known,
        },
        other => StorageFailure::Migration(other.to_string()),
    }
}

fn not_opened(what: &str, error: &sqlx::Error) -> StorageFailure {
    StorageFailure::NotOpened {
        what: what.to_owned(),
        reason: error.to_string(),
    }
}

/// The lock file beside the database, locked for this process; the lock ends with it.
fn locked(path: &str) -> Result<File, StorageFailure> {
    let lock_path = PathBuf::from(format!("{path}.lock"));
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(|error| StorageFailure::NotOpened {
            what: path.to_owned(),
            reason: format!("its lock file cannot be written: {error}"),
        })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StorageFailure::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(StorageFailure::NotOpened {
            what: path.to_owned(),
            reason: format!("its lock file cannot be locked: {error}"),
        }),
    }
}
