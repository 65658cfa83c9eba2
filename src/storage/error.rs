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

/// What a database's code says about the next try. `PostgreSQL` sends five characters (SQLSTATE,
/// appendix A of its manual), `SQLite` a number whose low byte is the primary result code
/// (sqlite.org/rescode.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outlook {
    Full,
    MayPass,
    Never,
}

fn outlook(code: &str) -> Outlook {
    if code.len() == 5 {
        return match (code, code.get(..2).unwrap_or_default()) {
            // disk_full.
            ("53100", _) => Outlook::Full,
            // A standby that only reads, a lock not had, and the classes: connection, rollback for
            // others' sake, resources, an operator's stop, the system beneath.
            ("25006" | "55P03", _) | (_, "08" | "40" | "53" | "57" | "58") => Outlook::MayPass,
            _ => Outlook::Never,
        };
    }
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(13) => Outlook::Full,
        // Busy, locked, no memory, only readable, i/o error, cannot be opened, locking trouble.
        Ok(5 | 6 | 7 | 8 | 10 | 14 | 15) => Outlook::MayPass,
        _ => Outlook::Never,
    }
}

impl From<sqlx::Error> for StorageFailure {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refused) => {
                let text = refused.message().to_lowercase();
                match outlook(&refused.code().unwrap_or_default()) {
                    Outlook::Full => StorageFailure::Full,
                    Outlook::MayPass => StorageFailure::Unavailable(text),
                    Outlook::Never => StorageFailure::Refused(text),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_whether_the_next_try_may_succeed() {
        // SQLITE_FULL and disk_full.
        for full in ["13", "53100"] {
            assert_eq!(outlook(full), Outlook::Full, "{full}");
        }
        // Busy, busy for a snapshot, a read-only file, no space for the journal's own file; a
        // deadlock, too many clients, an operator's stop, a server that starts, a standby.
        let passing = [
            "5", "517", "8", "778", "40P01", "53300", "57P01", "57P03", "25006",
        ];
        for passing in passing {
            assert_eq!(outlook(passing), Outlook::MayPass, "{passing}");
        }
        // No such table, a constraint, a damaged file; a syntax error, a doubled key, no code.
        for never in ["1", "1555", "11", "42601", "23505", ""] {
            assert_eq!(outlook(never), Outlook::Never, "{never}");
        }
    }
}
