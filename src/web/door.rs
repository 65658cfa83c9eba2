//! Where visitors come in: so many at a time, and nobody who stays silent. What they ask for is not
//! known here.

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
/// How long to wait when the system has no room for another connection.
const NO_ROOM_PAUSE: Duration = Duration::from_millis(200);

/// An open port.
#[derive(Debug)]
pub(super) struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    silence: Duration,
}

impl Door {
    pub(super) fn new(listener: TcpListener) -> Door {
        Door {
            listener,
            places: Arc::new(Semaphore::new(VISITORS_LIMIT)),
            silence: SILENCE_LIMIT,
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
                    let visitor = Visitor {
                        stream,
                        silence: self.silence,
                        patience: Box::pin(sleep(self.silence)),
                        _place: place,
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

/// A connection that ends when it is silent for too long.
#[derive(Debug)]
pub(super) struct Visitor {
    stream: TcpStream,
    silence: Duration,
    patience: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Visitor {
    /// What came of reading or writing; an end to the waiting if it has gone on for too long.
    fn heard<T>(&mut self, context: &mut Context<'_>, came: Poll<Result<T>>) -> Poll<Result<T>> {
        if came.is_ready() {
            self.patience.as_mut().reset(Instant::now() + self.silence);
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
        let came = Pin::new(&mut self.stream).poll_read(context, into);
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
    use super::{Door, Listener};
    use std::io::ErrorKind;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    #[tokio::test]
    async fn a_visitor_who_stays_silent_is_shown_out() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut door = Door::new(listener);
        door.silence = Duration::from_millis(300);
        let mut guest = TcpStream::connect(door.local_addr().unwrap())
            .await
            .unwrap();
        let (mut visitor, _) = door.accept().await;
        guest.write_all(b"GET").await.unwrap();
        let mut heard = [0; 3];
        visitor.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"GET");
        let silent = visitor.read(&mut heard).await;
        assert_eq!(silent.unwrap_err().kind(), ErrorKind::TimedOut);
    }
}
