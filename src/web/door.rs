//! Where visitors come in: so many at a time, and nobody who stays silent or takes for ever to ask. What
//! they ask for is not known here.

use super::limits::{Entry, Share};
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// Connections at the same time; more wait in the system's queue.
const VISITORS_LIMIT: usize = 1_024;
/// How long a connection may be without a byte in either direction. Streams say something more often.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// From the first byte of a request to the first of its answer: the former may take half a minute to
/// come, and the latter fifteen seconds to be made.
const REQUEST_LIMIT: Duration = Duration::from_secs(45);
/// How long to wait when the system has no room for another connection.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(200);

/// An open port.
#[derive(Debug)]
pub(super) struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    entry: Entry,
    silence: Duration,
    request: Duration,
}

impl Door {
    pub(super) fn new(listener: TcpListener, entry: Entry) -> Door {
        Door {
            listener,
            places: Arc::new(Semaphore::new(VISITORS_LIMIT)),
            entry,
            silence: SILENCE_LIMIT,
            request: REQUEST_LIMIT,
        }
    }
}

impl Listener for Door {
    type Io = Visitor;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Visitor, SocketAddr) {
        loop {
            let place = Arc::clone(&self.places).acquire_owned().await;
            let place = place.expect("nobody closes the places");
            match self.listener.accept().await {
                Ok((stream, from)) => {
                    let Ok(share) = self.entry.admit(from.ip()) else {
                        // Too many from there: the connection is closed, and costs nothing more.
                        continue;
                    };
                    let visitor = Visitor {
                        stream,
                        silence: self.silence,
                        request: self.request,
                        patience: Box::pin(sleep(self.silence)),
                        asks_since: None,
                        _place: (place, share),
                    };
                    return (visitor, from);
                }
                Err(error) => {
                    tracing::debug!(%error, "a visitor did not come in");
                    sleep(NO_ROOM_PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// The other end of a connection: who asks, or a server in front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(SocketAddr);

impl Peer {
    pub(super) fn ip(self) -> IpAddr {
        self.0.ip()
    }
}

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

/// A connection that ends when it is silent for too long, or when what it asks for is not said in time.
#[derive(Debug)]
pub(super) struct Visitor {
    stream: TcpStream,
    silence: Duration,
    request: Duration,
    patience: Pin<Box<Sleep>>,
    /// Since when something has come that was not answered yet.
    asks_since: Option<Instant>,
    _place: (OwnedSemaphorePermit, Option<Share>),
}

impl Visitor {
    /// What came of reading or writing; an end to the waiting if it has gone on for too long.
    fn heard<T>(&mut self, context: &mut Context<'_>, came: Poll<Result<T>>) -> Poll<Result<T>> {
        let now = Instant::now();
        let latest = self.asks_since.map(|since| since + self.request);
        if latest.is_some_and(|latest| now >= latest) {
            return Poll::Ready(Err(Error::from(ErrorKind::TimedOut)));
        }
        if came.is_ready() {
            let silent = now + self.silence;
            let until = latest.map_or(silent, |latest| latest.min(silent));
            self.patience.as_mut().reset(until);
            return came;
        }
        match self.patience.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(Error::from(ErrorKind::TimedOut))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Visitor {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = into.filled().len();
        let came = Pin::new(&mut self.stream).poll_read(context, into);
        if into.filled().len() > before && self.asks_since.is_none() {
            self.asks_since = Some(Instant::now());
        }
        self.heard(context, came)
    }
}

impl AsyncWrite for Visitor {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(came, Poll::Ready(Ok(1..))) {
            self.asks_since = None;
        }
        self.heard(context, came)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::{Door, Listener, Visitor};
    use crate::web::{Limits, Proxies};
    use std::io::ErrorKind;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    async fn door() -> Door {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let limits = Limits::behind(Proxies::of(&[]).unwrap());
        Door::new(listener, limits.entry())
    }

    async fn comes(door: &mut Door) -> (TcpStream, Visitor) {
        let at = door.local_addr().unwrap();
        let guest = TcpStream::connect(at).await.unwrap();
        (guest, door.accept().await.0)
    }

    #[tokio::test]
    async fn a_visitor_who_stays_silent_is_shown_out() {
        let mut door = door().await;
        door.silence = Duration::from_millis(300);
        let (mut guest, mut visitor) = comes(&mut door).await;
        guest.write_all(b"GET").await.unwrap();
        let mut heard = [0; 3];
        visitor.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"GET");
        let silent = visitor.read(&mut heard).await;
        assert_eq!(silent.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_visitor_who_takes_for_ever_to_ask_is_shown_out_and_one_who_is_answered_stays() {
        let mut door = door().await;
        door.request = Duration::from_millis(300);
        let (mut guest, mut visitor) = comes(&mut door).await;
        let mut heard = [0; 1];
        let slow = async {
            loop {
                guest.write_all(b"G").await.unwrap();
                if let Err(error) = visitor.read_exact(&mut heard).await {
                    return error.kind();
                }
            }
        };
        let shown_out = tokio::time::timeout(Duration::from_secs(20), slow).await;
        assert_eq!(shown_out, Ok(ErrorKind::TimedOut));

        let (mut guest, mut visitor) = comes(&mut door).await;
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < 2 * door.request {
            guest.write_all(b"G").await.unwrap();
            visitor.read_exact(&mut heard).await.unwrap();
            visitor.write_all(b"A").await.unwrap();
            guest.read_exact(&mut heard).await.unwrap();
        }
    }

    #[tokio::test]
    async fn whoever_comes_too_often_at_once_finds_the_door_shut() {
        let mut door = door().await;
        let mut inside = Vec::new();
        for _ in 0..64 {
            inside.push(comes(&mut door).await);
        }
        let at = door.local_addr().unwrap();
        let mut guest = TcpStream::connect(at).await.unwrap();
        let turned_away = async {
            let mut heard = [0; 1];
            guest.read(&mut heard).await
        };
        tokio::select! {
            heard = turned_away => assert!(matches!(heard, Ok(0) | Err(_)), "{heard:?}"),
            _ = door.accept() => panic!("one too many is let in"),
        }
        inside.pop();
        comes(&mut door).await;
    }
}
