//! What the process remembers of itself: a few texts by name.

use super::{Columns, StorageFailure, Store};
use sqlx::query;

impl Store {
    /// The text kept under a name.
    pub async fn memo(&self, name: &str) -> Result<Option<String>, StorageFailure> {
        let row = query("select value from memo where name = $1")
            .bind(name.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| row.text("value")).transpose()
    }

    /// Keeps a text under a name; the one before is gone.
    pub async fn put_memo(&self, name: &str, value: &str) -> Result<(), StorageFailure> {
        query(
            "insert into memo (name, value) values ($1, $2) \
             on conflict (name) do update set value = excluded.value",
        )
        .bind(name.to_owned())
        .bind(value.to_owned())
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
