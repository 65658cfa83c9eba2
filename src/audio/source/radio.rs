//! Internet radio: streams of Icecast, Shoutcast and their like, found out when a link is added and
//! received when its turn comes. A stream that drops is asked for again; what it sends is not decoded
//! here.

use super::super::IntakeFailure;
use super::super::clean::cleaned;
use super::super::fetch::{Fetcher, Opened};
use super::hls;
use super::icy::{Icy, worded};
use super::live::{Outlet, Unheard};
use super::stations::{self, LIST_LIMIT, List};
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, SERVER};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// Lists that lead to lists.
const LISTS_LIMIT: usize = 3;
/// How long, and for how many bytes, a body that does not say its length is watched: what is still
/// coming then, no faster than a radio sends, is one.
const WATCHED_FOR: Duration = Duration::from_secs(3);
const WATCHED_LIMIT: usize = 2 * 1024 * 1024;
/// Tries in a row to receive a stream again, with a pause that doubles.
/// Whoever plays it waits 15 s for sound.
const TRIES_LIMIT: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// A stream that sounded so long counts as received: tries are counted anew.
const RECEIVED_AFTER: Duration = Duration::from_secs(20);
/// Longest head that an old Shoutcast server sends before the sound.
const OLD_HEAD_LIMIT: usize = 8 * 1024;
/// How such a server answers instead of `HTTP/1.0 200 OK`.
const OLD_ANSWER: &[u8] = b"ICY ";

/// A station that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Station {
    /// Where the stream itself is.
    pub(in super::super) link: String,
    pub(in super::super) name: Option<String>,
}

impl Station {
    /// The station as a track. Its length is for the rules to say.
    pub(in super::super) fn track(&self, link: &str) -> Track {
        let host = || Some(Url::parse(link).ok()?.host_str()?.to_owned());
        let title = self.name.clone().or_else(host);
        Track {
            key: TrackKey(format!("stream:{}", self.link)),
            title: title.unwrap_or_else(|| "?".to_owned()),
            artist: None,
            album: None,
            length: Duration::ZERO,
            origin: Origin::Radio,
            media: MediaRef(format!("stream:{}", self.link)),
            link: Some(link.to_owned()),
            cover: None,
            gain_tenths: None,
            live: true,
        }
    }
}

/// What a link leads to, as far as can be told before it is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Look {
    /// A file, or what may turn out to be one.
    File,
    Live(Station),
}

fn asking() -> HeaderMap {
    let titles = HeaderValue::from_static("1");
    HeaderMap::from_iter([(
        reqwest::header::HeaderName::from_static("icy-metadata"),
        titles,
    )])
}

/// Finds out whether the link leads to a live stream, through lists of stations if need be.
pub(in super::super) async fn look(fetcher: &Fetcher, link: &str) -> Result<Look, IntakeFailure> {
    let mut link = link.to_owned();
    for _ in 0..LISTS_LIMIT {
        let mut opened = Stream::open(fetcher, &link).await?;
        if stations::may_be_list(&opened.media_type(), &opened.url) {
            let text = opened.text(LIST_LIMIT).await?;
            match stations::read(&text, &opened.url) {
                List::Hls => {
                    hls::check(fetcher, &opened.url, &text).await?;
                    return Ok(Look::Live(Station {
                        link: opened.url.into(),
                        name: None,
                    }));
                }
                List::Links(links) => {
                    let first = links.into_iter().next();
                    link = first.ok_or(IntakeFailure::NotSound)?.into();
                }
            }
        } else if opened.says_it_is_live() || opened.flows_like_radio().await {
            let name = opened.header("icy-name").and_then(|name| cleaned(&name));
            return Ok(Look::Live(Station { link, name }));
        } else {
            return Ok(Look::File);
        }
    }
    Err(IntakeFailure::NotSound)
}

/// Receives the stream until it is over or nobody listens. Drops are mended while that is possible.
pub(super) async fn receive(fetcher: Fetcher, link: String, outlet: Outlet) {
    let receiving = async {
        let (mut tries, mut pause) = (0, FIRST_PAUSE);
        loop {
            let began = Instant::now();
            let why = match pass_on(&fetcher, &link, &outlet).await {
                Ok(()) | Err(Stopped::Unheard) => return None,
                Err(Stopped::Dropped(why)) => why,
            };
            if began.elapsed() > RECEIVED_AFTER {
                (tries, pause) = (0, FIRST_PAUSE);
            }
            tries += 1;
            tracing::info!(%why, tries, "a stream dropped");
            if tries >= TRIES_LIMIT || !may_come_back(&why) {
                return Some(why);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    };
    let ended = tokio::select! {
        ended = receiving => ended,
        () = outlet.unheard() => None,
    };
    if let Some(why) = ended {
        tracing::warn!(%why, "a stream is given up");
    }
}

/// Why a stream is not received any more.
pub(super) enum Stopped {
    Unheard,
    Dropped(IntakeFailure),
}

impl From<Unheard> for Stopped {
    fn from(_: Unheard) -> Stopped {
        Stopped::Unheard
    }
}

impl From<IntakeFailure> for Stopped {
    fn from(why: IntakeFailure) -> Stopped {
        Stopped::Dropped(why)
    }
}

fn may_come_back(why: &IntakeFailure) -> bool {
    matches!(
        why,
        IntakeFailure::Unreachable(_) | IntakeFailure::NotFound | IntakeFailure::Busy
    )
}

/// One connection's worth. `Ok` is the orderly end of a broadcast that has one.
async fn pass_on(fetcher: &Fetcher, link: &str, outlet: &Outlet) -> Result<(), Stopped> {
    let mut stream = Stream::open(fetcher, link).await?;
    if stations::may_be_list(&stream.media_type(), &stream.url) {
        let text = stream.text(LIST_LIMIT).await?;
        return match stations::read(&text, &stream.url) {
            List::Hls => hls::receive(fetcher, &stream.url, &text, outlet).await,
            List::Links(_) => Err(IntakeFailure::NotSound.into()),
        };
    }
    let every = stream.header("icy-metaint");
    let every = every.and_then(|it| it.trim().parse().ok());
    let mut icy = every.and_then(Icy::new);
    let mut sound = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        match &mut icy {
            Some(icy) => {
                if let Some(title) = icy.take(piece, &mut sound) {
                    outlet.title(title);
                }
            }
            None => sound.push(piece),
        }
        for piece in sound.drain(..) {
            outlet.give(piece).await?;
        }
    }
    let over = IntakeFailure::Unreachable("the stream broke off".to_owned());
    Err(over.into())
}

fn nonsense() -> IntakeFailure {
    IntakeFailure::Unreachable("its answer is not understood".to_owned())
}

/// An answer whose head is known, also that of a server that answers in the old way.
struct Stream {
    url: Url,
    headers: Vec<(String, String)>,
    length: Option<u64>,
    /// What came with the head.
    first: Option<Bytes>,
    opened: Opened,
}

impl Stream {
    async fn open(fetcher: &Fetcher, link: &str) -> Result<Stream, IntakeFailure> {
        let opened = fetcher.open(link, asking()).await?;
        let headers = opened.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), worded(value.as_bytes())));
        let mut stream = Stream {
            url: opened.url.clone(),
            headers: headers.collect(),
            length: opened.length,
            first: None,
            opened,
        };
        if stream.headers.is_empty() {
            stream.read_old_head().await?;
        }
        Ok(stream)
    }

    /// A Shoutcast server of the first kind says `ICY 200 OK`, which is no HTTP: its head has come as
    /// the beginning of the body.
    async fn read_old_head(&mut self) -> Result<(), IntakeFailure> {
        const END: &[u8] = b"\r\n\r\n";
        let mut head = BytesMut::new();
        let end = loop {
            if let Some(at) = head.windows(END.len()).position(|it| it == END) {
                break at;
            }
            let begun = head.len().min(OLD_ANSWER.len());
            if head.len() > OLD_HEAD_LIMIT || head.get(..begun) != OLD_ANSWER.get(..begun) {
                return Err(nonsense());
            }
            match self.next().await {
                Some(piece) => head.extend_from_slice(&piece?),
                None => return Err(nonsense()),
            }
        };
        let head = head.freeze();
        let text = worded(head.get(..end).unwrap_or_default());
        let mut lines = text.lines();
        let answer = lines.next().unwrap_or_default();
        if !answer.contains(" 200") {
            return Err(IntakeFailure::Unreachable("it refuses".to_owned()));
        }
        self.headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()))
            .collect();
        self.first = Some(head.slice(end + END.len()..));
        Ok(())
    }

    fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.headers.iter();
        headers
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.clone())
    }

    fn media_type(&self) -> String {
        self.header(CONTENT_TYPE.as_str()).unwrap_or_default()
    }

    async fn next(&mut self) -> Option<Result<Bytes, IntakeFailure>> {
        match self.first.take() {
            Some(first) => Some(Ok(first)),
            None => self.opened.body.next().await,
        }
    }

    /// The body as text, if it is short.
    async fn text(&mut self, limit: usize) -> Result<String, IntakeFailure> {
        let mut text = Vec::new();
        while let Some(piece) = self.next().await {
            text.extend_from_slice(&piece?);
            if text.len() > limit {
                return Err(IntakeFailure::NotSound);
            }
        }
        Ok(worded(&text))
    }

    fn says_it_is_live(&self) -> bool {
        let server = self.header(SERVER.as_str()).unwrap_or_default();
        let server = server.to_lowercase();
        let is_radio = server.starts_with("icecast") || server.starts_with("shoutcast");
        let has_name = self.headers.iter().any(|(it, _)| it.starts_with("icy-"));
        (is_radio || has_name) && self.length.is_none()
    }

    /// Whether sound without a length comes at the pace of sound: a file that is made while it is
    /// sent comes faster, and ends.
    async fn flows_like_radio(&mut self) -> bool {
        let media_type = self.media_type();
        let is_sound = media_type.starts_with("audio/") || media_type == "application/ogg";
        if self.length.is_some() || !is_sound {
            return false;
        }
        let mut read = 0;
        let watching = async {
            while let Some(Ok(piece)) = self.next().await {
                read += piece.len();
                if read > WATCHED_LIMIT {
                    break;
                }
            }
        };
        // Still coming when the time is over.
        tokio::time::timeout(WATCHED_FOR, watching).await.is_err()
    }
}
