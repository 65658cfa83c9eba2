//! The one reader of the system's clock.

use crate::domain::moment::Moment;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now, by the system's clock, as files keep it.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where everybody else takes the moment from"
)]
pub fn wall() -> SystemTime {
    SystemTime::now()
}

/// Now, by the system's clock. A clock before 1970 reads as 1970.
pub fn now() -> Moment {
    let since_epoch = wall().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
