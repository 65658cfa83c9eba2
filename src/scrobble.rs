//! Floor 1: the services where people keep what they have listened to, asked over HTTP. It owns their
//! protocols and the encryption of members' tokens; what is submitted, and when, is for others to say.

mod lastfm;
mod listenbrainz;
mod seal;
mod web;

pub use lastfm::{Approval, LastFm, LastFmConfig};
pub use listenbrainz::{LISTENBRAINZ, ListenBrainz, NewPlaylist, Piece, Touched, playlist_page};
pub use seal::{KeyUnclear, NONCE_LENGTH, Seal, SealBroken};

use crate::domain::ids::MemberId;
use crate::domain::scrobbling::{Listen, Service};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Most listens in one request; Last.fm's limit (<https://www.last.fm/api/show/track.scrobble>),
/// `ListenBrainz` takes a thousand.
pub const BATCH_LIMIT: u32 = 50;
/// Accounts at Last.fm that people are about to approve; the oldest is forgotten for one more.
const PENDING_LIMIT: usize = 1_000;
/// Longest text of a service that is kept or shown, in characters.
const SAID_LIMIT: usize = 160;

/// What lets in at a service. Never printed, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Longest that is taken, in characters.
    pub const LIMIT: usize = 200;

    /// `None` for what cannot be one: it would not fit into a header.
    pub fn new(text: &str) -> Option<Token> {
        let text = text.trim();
        let fits = !text.is_empty() && text.len() <= Token::LIMIT;
        (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Token(text.to_owned()))
    }

    fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(token)")
    }
}

/// Why a service did not do what it was asked, by what the caller does about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScrobbleFailure {
    /// No answer, or none that is understood: later it may be well.
    #[error("the service does not answer: {0}")]
    Silent(String),
    /// It is busy or out of order (its status or code), and may have said until when.
    #[error("the service is busy ({code})")]
    Busy { code: i64, wait: Option<Duration> },
    /// It takes the token no more.
    #[error("the service does not take the token")]
    Unauthorized,
    /// It does not take what was sent, now or later.
    #[error("the service refuses it: {0}")]
    Refused(String),
    /// It does not take the key of the bot's owner.
    #[error("the service does not take the owner's key: {0}")]
    Owner(String),
}

impl ScrobbleFailure {
    /// A short text to keep: `503`, `silent`, `owner`.
    pub fn code(&self) -> String {
        match self {
            ScrobbleFailure::Silent(_) => "silent".to_owned(),
            ScrobbleFailure::Busy { code, .. } => code.to_string(),
            ScrobbleFailure::Unauthorized => "token".to_owned(),
            ScrobbleFailure::Refused(_) => "refused".to_owned(),
            ScrobbleFailure::Owner(_) => "owner".to_owned(),
        }
    }

    /// How long the service wants to be left alone, if it said so.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            ScrobbleFailure::Busy { wait, .. } => *wait,
            _ => None,
        }
    }
}

/// What became of one listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Taken,
    /// Not now: the account's limit for a day is reached.
    Later,
    Refused(String),
}

/// An answer, and how long the service wants to be left alone after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    pub what: T,
    pub rest: Option<Duration>,
}

/// A token of Last.fm that its owner has not approved yet.
#[derive(Clone, Debug)]
struct Pending {
    token: Token,
    /// Grows with each, so that the oldest is known.
    number: u64,
}

/// All services, and the seal for what lets in there.
pub struct Scrobbling {
    pub listenbrainz: ListenBrainz,
    /// `None` where the owner has set no key.
    pub lastfm: Option<LastFm>,
    /// `None` where the owner has set no key; then nobody can link an account.
    seal: Option<Seal>,
    nonce: fn() -> [u8; NONCE_LENGTH],
    pending: Mutex<HashMap<MemberId, Pending>>,
    /// Whose playlist is on its way.
    sending: Mutex<HashSet<MemberId>>,
}

impl fmt::Debug for Scrobbling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrobbling")
            .field("listenbrainz", &self.listenbrainz)
            .field("lastfm", &self.lastfm)
            .field("can_keep", &self.seal.is_some())
            .finish_non_exhaustive()
    }
}

impl Scrobbling {
    /// `nonce` gives other bytes each time, from the system's randomness.
    pub fn new(
        (listenbrainz, lastfm): (ListenBrainz, Option<LastFm>),
        seal: Option<Seal>,
        nonce: fn() -> [u8; NONCE_LENGTH],
    ) -> Scrobbling {
        Scrobbling {
            listenbrainz,
            lastfm,
            seal,
            nonce,
            pending: Mutex::default(),
            sending: Mutex::default(),
        }
    }

    /// Whether tokens can be kept.
    pub fn can_keep(&self) -> bool {
        self.seal.is_some()
    }

    /// The services that can be used.
    pub fn services(&self) -> impl Iterator<Item = Service> {
        let lastfm = self.lastfm.is_some();
        let known = Service::ALL.into_iter();
        known.filter(move |service| *service != Service::LastFm || lastfm)
    }

    /// The token as it is kept; `None` without a key.
    pub fn close(&self, token: &Token, owner: (MemberId, Service)) -> Option<String> {
        let seal = self.seal.as_ref()?;
        Some(seal.close(token, owner, (self.nonce)()))
    }

    /// The token out of how it was kept; `None` without a key.
    pub fn open(
        &self,
        kept: &str,
        owner: (MemberId, Service),
    ) -> Option<Result<Token, SealBroken>> {
        self.seal.as_ref().map(|seal| seal.open(kept, owner))
    }

    /// Submits listens of one account: at most [`BATCH_LIMIT`], and a verdict on each.
    pub async fn submit(
        &self,
        service: Service,
        token: &Token,
        listens: &[Listen],
    ) -> Result<Answered<Vec<Verdict>>, ScrobbleFailure> {
        match (service, &self.lastfm) {
            (Service::ListenBrainz, _) => self.listenbrainz.submit(token, listens).await,
            (Service::LastFm, Some(lastfm)) => lastfm.submit(token, listens).await,
            (Service::LastFm, None) => Err(ScrobbleFailure::Owner("no key is set".to_owned())),
        }
    }

    /// Which of these listens of an account its service has already, where it does not know by itself
    /// what it is told twice. `account` is what it is called there.
    pub async fn has(
        &self,
        (service, account): (Service, &str),
        token: &Token,
        listens: &[Listen],
    ) -> Result<Vec<bool>, ScrobbleFailure> {
        match (service, &self.lastfm) {
            // Its database has a listen once (`listened_at, user_id, recording_msid`).
            (Service::ListenBrainz, _) => Ok(vec![false; listens.len()]),
            (Service::LastFm, Some(lastfm)) => lastfm.has(account, token, listens).await,
            (Service::LastFm, None) => Err(ScrobbleFailure::Owner("no key is set".to_owned())),
        }
    }

    /// Remembers what the member is about to approve at Last.fm.
    pub fn expect_approval(&self, member: MemberId, token: Token) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let number = pending.values().map(|it| it.number).max().unwrap_or(0) + 1;
        pending.insert(member, Pending { token, number });
        if pending.len() > PENDING_LIMIT {
            let oldest = pending.iter().min_by_key(|(_, it)| it.number);
            if let Some(oldest) = oldest.map(|(member, _)| *member) {
                pending.remove(&oldest);
            }
        }
    }

    /// What the member is about to approve at Last.fm.
    pub fn expected(&self, member: MemberId) -> Option<Token> {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.get(&member).map(|it| it.token.clone())
    }

    /// Begins to send a playlist of the member's; `None` while another is on its way.
    pub fn send(&self, member: MemberId) -> Option<Sending<'_>> {
        let mut sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = sending.insert(member);
        // Made only now: dropping one ends the other's.
        is_first.then(|| Sending {
            scrobbling: self,
            member,
        })
    }

    /// It was approved, or will never be.
    pub fn expect_no_more(&self, member: MemberId) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.remove(&member);
    }
}

/// A playlist on its way, until this is dropped.
#[derive(Debug)]
pub struct Sending<'a> {
    scrobbling: &'a Scrobbling,
    member: MemberId,
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        let sending = self.scrobbling.sending.lock();
        let mut sending = sending.unwrap_or_else(PoisonError::into_inner);
        sending.remove(&self.member);
    }
}

/// What a service said, short and in one line.
fn said(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(SAID_LIMIT).collect()
}

/// Bytes as hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed_and_always_fits_a_header() {
        let token = Token::new(" s3cret ").unwrap();
        assert_eq!(token.reveal(), "s3cret");
        assert!(!format!("{token:?}").contains("s3cret"));
        for bad in [
            "",
            " ",
            "two words",
            "line\nbreak",
            "ключ",
            &"x".repeat(201),
        ] {
            assert_eq!(Token::new(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_a_service_says_is_one_short_line() {
        assert_eq!(said(" a\n b\t c "), "a b c");
        assert_eq!(said(&"x".repeat(500)).len(), SAID_LIMIT);
    }
}
