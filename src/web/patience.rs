//! Connections whose readers take too long are given up: who does not take what is sent to them keeps
//! a place that others could have. It knows no request and no page.

use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// How long a reader may take nothing of what waits for them.
const WRITE_LIMIT: Duration = Duration::from_secs(30);

/// Accepts connections that are given up in time.
#[derive(Debug)]
pub(super) struct Patience(pub(super) TcpListener);

impl Listener for Patience {
    type Io = Patient<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        // This one goes on after errors, which belong to single connections.
        let (stream, from) = Listener::accept(&mut self.0).await;
        (Patient::new(stream), from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that fails when nothing could be written to it for [`WRITE_LIMIT`].
#[derive(Debug)]
pub(super) struct Patient<S> {
    stream: S,
    /// Runs while something waits to be written.
    alarm: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl<S> Patient<S> {
    fn new(stream: S) -> Patient<S> {
        Patient {
            stream,
            alarm: Box::pin(sleep(WRITE_LIMIT)),
            is_waiting: false,
        }
    }

    /// What came of writing, unless it has been waited for too long.
    fn watched<T>(
        &mut self,
        outcome: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.is_waiting = false;
            return outcome;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.alarm.as_mut().reset(Instant::now() + WRITE_LIMIT);
        }
        match self.alarm.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.watched(outcome, context)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_flush(context);
        this.watched(outcome, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(context, bytes);
        this.watched(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::{Patient, WRITE_LIMIT};
    use std::io::ErrorKind;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up() {
        let (ours, _theirs) = duplex(8);
        let mut ours = Patient::new(ours);
        let begun = Instant::now();
        let failure = ours.write_all(&[7; 9]).await.unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::TimedOut);
        assert!(begun.elapsed() >= WRITE_LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_little_at_a_time_may_take_long() {
        let (ours, mut theirs) = duplex(1);
        let mut ours = Patient::new(ours);
        let pause = WRITE_LIMIT - Duration::from_secs(1);
        let reading = async {
            for _ in 0..4 {
                tokio::time::sleep(pause).await;
                assert_eq!(theirs.read_u8().await.unwrap(), 7);
            }
        };
        let (written, ()) = tokio::join!(ours.write_all(&[7; 4]), reading);
        written.unwrap();
    }
}
