//! What can go wrong with the disk or the database, by what the caller does about it.

/// A failure of storage. The texts are for the log and the owner; they hold no address and no
/// password.
#[derive(Debug, thiserror::Error)]
pub enum StorageFailure {
    /// The address of the database is not understood.
    #[error("DATABASE_URL is not understood: {0}")]
    Address(String),
    /// Another process uses the same `SQLite` file.
    #[error("the database {0} is in use by another Rondo; stop that one first")]
    InUse(String),
    /// The database could not be opened.
    #[error("the database could not be opened ({what}): {reason}")]
    NotOpened { what: String, reason: String },
    /// A later version of the program has brought the tables further than this one knows.
    #[error(
        "the database is of a newer Rondo (its tables are version {found}, this one knows {known}); \
         start that Rondo again, or give this one a copy from before"
    )]
    Newer { found: i64, known: i64 },
    /// The tables could not be brought up to date.
    #[error("the database could not be migrated: {0}")]
    Migration(String),
    /// No room on the disk; later it may be there.
    #[error("the disk is full")]
    Full,
    /// It does not answer, or answers that it is busy; later it may be well.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// What was kept cannot be understood.
    #[error("{what} in the database cannot be read: {reason}")]
    Corrupt { what: &'static str, reason: String },
    /// It refused a statement: a bug of ours.
    #[error("the database refused a statement: {0}")]
    Refused(String),
}

impl StorageFailure {
    /// Whether the same thing may succeed a little later.
    pub fn may_pass(&self) -> bool {
        matches!(self, StorageFailure::Full | StorageFailure::Unavailable(_))
    }
}

impl From<sqlx::Error> for StorageFailure {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refused) => {
                let text = refused.message().to_lowercase();
                // SQLITE_FULL and PostgreSQL's disk_full (53100).
                if text.contains("disk is full") || refused.code().as_deref() == Some("53100") {
                    StorageFailure::Full
                } else if [
                    "locked",
                    "busy",
                    "disk i/o",
                    "terminating",
                    "shutting down",
                    "starting up",
                ]
                .iter()
                .any(|word| text.contains(word))
                {
                    StorageFailure::Unavailable(text)
                } else {
                    StorageFailure::Refused(text)
                }
            }
            sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::TypeNotFound { .. } => StorageFailure::Corrupt {
                what: "a row",
                reason: error.to_string(),
            },
            _ => StorageFailure::Unavailable(error.to_string()),
        }
    }
}
