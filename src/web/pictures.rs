//! Pictures that are made when somebody asks for them: cards and small covers. They cost time, so
//! one is made at a time, few wait, and what was made lately is kept.

use super::notice::Absence;
use crate::share::picture::Fonts;
use bytes::Bytes;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// How many may wait for a picture to be made.
const WAITING_LIMIT: usize = 8;
/// How much is kept, in bytes.
const KEPT_LIMIT: usize = 32 * 1024 * 1024;

/// Makes pictures and keeps the latest ones.
pub struct Pictures {
    fonts: Fonts,
    turn: Semaphore,
    waiting: Semaphore,
    /// By what they are made of, the newest last. Only a list: never held across an await.
    kept: Mutex<VecDeque<(String, Bytes)>>,
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pictures")
    }
}

impl Pictures {
    pub fn new(fonts: Fonts) -> Pictures {
        Pictures {
            fonts,
            turn: Semaphore::new(1),
            waiting: Semaphore::new(WAITING_LIMIT),
            kept: Mutex::default(),
        }
    }

    /// The picture made of that, if it is still there.
    pub(super) fn kept(&self, key: &str) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(known, _)| known == key)?;
        Some(found.1.clone())
    }

    /// Makes the picture, where blocking is allowed, when it is its turn.
    pub(super) async fn make<E: std::error::Error + Send + Sync + 'static>(
        &self,
        key: String,
        make: impl FnOnce(&Fonts) -> Result<Vec<u8>, E> + Send + 'static,
    ) -> Result<Bytes, Absence> {
        let _place = self.waiting.try_acquire().map_err(|_| Absence::Busy)?;
        let _turn = self.turn.acquire().await.map_err(|_| Absence::Busy)?;
        // Who stood before may have wanted the same.
        if let Some(before) = self.kept(&key) {
            return Ok(before);
        }
        let fonts = self.fonts.clone();
        let done = tokio::task::spawn_blocking(move || make(&fonts)).await;
        let done = done.map_err(|broken| Absence::Failure(broken.into()))?;
        let bytes: Bytes = done
            .map_err(|failure| Absence::Failure(failure.into()))?
            .into();
        self.keep(key, bytes.clone());
        Ok(bytes)
    }

    fn keep(&self, key: String, bytes: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((key, bytes));
        let mut size: usize = kept.iter().map(|(_, bytes)| bytes.len()).sum();
        while size > KEPT_LIMIT {
            let Some((_, oldest)) = kept.pop_front() else {
                break;
            };
            size -= oldest.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Absence, Fonts, KEPT_LIMIT, Pictures};
    use std::convert::Infallible;

    #[tokio::test]
    async fn a_picture_is_made_once_and_the_oldest_go_first() {
        let pictures = Pictures::new(Fonts::default());
        let make = async |key: &str, size: usize| {
            let made = pictures.make(key.to_owned(), move |_| Ok::<_, Infallible>(vec![1; size]));
            made.await.unwrap().len()
        };
        assert_eq!(make("a", 10).await, 10);
        // It is the one that was made before.
        assert_eq!(make("a", 20).await, 10);
        assert_eq!(make("b", KEPT_LIMIT).await, KEPT_LIMIT);
        assert_eq!(pictures.kept("a"), None);
        assert!(pictures.kept("b").is_some());
        // One that is too large for the list is made all the same.
        assert_eq!(make("c", KEPT_LIMIT + 1).await, KEPT_LIMIT + 1);
        assert_eq!(pictures.kept("c"), None);
    }

    #[tokio::test]
    async fn what_cannot_be_made_is_a_failure_of_that_picture_alone() {
        let pictures = Pictures::new(Fonts::default());
        let broken = |_: &Fonts| Err(std::io::Error::other("no"));
        let failed = pictures.make("a".to_owned(), broken).await;
        assert!(matches!(failed, Err(Absence::Failure(_))), "{failed:?}");
        let bug = |_: &Fonts| -> Result<Vec<u8>, Infallible> { panic!("a bug") };
        let failed = pictures.make("a".to_owned(), bug).await;
        assert!(matches!(failed, Err(Absence::Failure(_))), "{failed:?}");
        let fine = |_: &Fonts| Ok::<_, Infallible>(vec![1]);
        assert!(pictures.make("a".to_owned(), fine).await.is_ok());
    }
}
