//! What comes in live, recording by recording. In HTTP live streaming another fragmented MP4 with a
//! head of its own may follow in mid-stream (RFC 8216, section 4.3.2.5), of another rate or number of
//! channels; a decoder knows only the head that it began with. So each recording ends where the next
//! head begins. What is no MP4 is one recording.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The head of a box (ISO 14496-12, section 4.2), and that of one longer than 32 bits can say.
const HEAD: usize = 8;
const LONG_HEAD: usize = 16;
/// Bytes of a recording that are passed over to get to the next.
const PASSED_LIMIT: usize = 1024 * 1024;

/// The recordings of a stream. Clones read from the same place; one reads at a time.
#[derive(Debug)]
pub(super) struct Recordings<R>(Arc<Mutex<Boxes<R>>>);

impl<R> Clone for Recordings<R> {
    fn clone(&self) -> Recordings<R> {
        Recordings(Arc::clone(&self.0))
    }
}

#[derive(Debug)]
struct Boxes<R> {
    input: R,
    /// The head of a box, as far as it has not been handed on.
    head: Vec<u8>,
    /// Bytes of the box that are still to come.
    left: u64,
    /// Some of the stream has been read.
    begun: bool,
    /// The recording has had its description, so that another is another recording's.
    described: bool,
    /// The head that waits is the next recording's.
    is_next: bool,
}

impl<R: Read> Recordings<R> {
    pub(super) fn of(input: R) -> Recordings<R> {
        Recordings(Arc::new(Mutex::new(Boxes {
            input,
            head: Vec::new(),
            left: 0,
            begun: false,
            described: false,
            is_next: false,
        })))
    }

    fn boxes(&self) -> MutexGuard<'_, Boxes<R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on to the next recording; `false` when there is none, or none soon: a decoder that gave
    /// up in the middle of one has not read the rest of it.
    pub(super) fn go_on(&self) -> io::Result<bool> {
        let mut boxes = self.boxes();
        let (mut passed, mut room) = (0, [0; 4096]);
        while passed < PASSED_LIMIT && boxes.left != u64::MAX {
            match boxes.read(&mut room)? {
                0 => break,
                count => passed += count,
            }
        }
        boxes.described = parts(&boxes.head).is_some_and(|(_, name)| name == b"moov");
        Ok(std::mem::take(&mut boxes.is_next))
    }
}

impl<R: Read> Read for Recordings<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.boxes().read(buffer)
    }
}

impl<R: Read> Boxes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.head.is_empty() && self.left == 0 {
            self.open()?;
        }
        if self.is_next {
            return Ok(0);
        }
        if !self.head.is_empty() {
            let count = self.head.len().min(buffer.len());
            let (to, head) = (buffer.iter_mut(), self.head.drain(..count));
            to.zip(head).for_each(|(to, byte)| *to = byte);
            return Ok(count);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let count = self
            .input
            .read(buffer.get_mut(..most).unwrap_or_default())?;
        if self.left != u64::MAX {
            self.left -= u64::try_from(count).unwrap_or(0);
        }
        Ok(count)
    }

    /// Reads the head of the next box, and how long it is.
    fn open(&mut self) -> io::Result<()> {
        self.fill(HEAD)?;
        let is_first = !std::mem::replace(&mut self.begun, true);
        let Some(([a, b, c, d], name)) = parts(&self.head) else {
            return Ok(());
        };
        let begins = matches!(name, b"ftyp" | b"styp");
        if is_first && !begins {
            self.left = u64::MAX;
            return Ok(());
        }
        self.is_next = self.described && matches!(name, b"ftyp" | b"moov");
        self.described |= name == b"moov";
        let short = u64::from(u32::from_be_bytes([a, b, c, d]));
        let length = if short == 1 {
            self.fill(LONG_HEAD)?;
            let long = self.head.get(HEAD..).and_then(<[u8]>::first_chunk::<8>);
            long.map_or(0, |long| u64::from_be_bytes(*long))
        } else {
            short
        };
        let head = u64::try_from(self.head.len()).unwrap_or(0);
        // To the end, or nonsense: whatever it is, it is handed on.
        self.left = length.checked_sub(head).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Reads on until so much of the head is there, or the end.
    fn fill(&mut self, length: usize) -> io::Result<()> {
        let more = length.saturating_sub(self.head.len());
        let more = u64::try_from(more).unwrap_or(0);
        (&mut self.input).take(more).read_to_end(&mut self.head)?;
        Ok(())
    }
}

fn parts(head: &[u8]) -> Option<([u8; 4], &[u8; 4])> {
    let length = head.first_chunk::<4>()?;
    let name = head.get(4..)?.first_chunk::<4>()?;
    Some((*length, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: [u8; 4], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(HEAD + body.len()).unwrap().to_be_bytes();
        [&length[..], &name, body].concat()
    }

    /// Reads all recordings, in pieces of that size.
    fn all(stream: &[u8], piece: usize) -> Vec<Vec<u8>> {
        let recordings = Recordings::of(stream);
        let mut found = Vec::new();
        loop {
            let (mut recording, mut room) = (Vec::new(), vec![0; piece]);
            loop {
                match recordings.clone().read(&mut room).unwrap() {
                    0 => break,
                    count => recording.extend_from_slice(&room[..count]),
                }
            }
            found.push(recording);
            if !recordings.go_on().unwrap() {
                return found;
            }
        }
    }

    #[test]
    fn a_recording_ends_where_the_next_head_begins() {
        let head = |rate: &[u8]| [boxed(*b"ftyp", b"iso5"), boxed(*b"moov", rate)].concat();
        let long = [b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x17".as_slice(), b"moovftyp"].concat();
        let part = |body: &[u8]| [boxed(*b"moof", b""), boxed(*b"mdat", body)].concat();
        let one = [head(b"48"), part(b"moov"), long[..23].to_vec(), part(b"x")].concat();
        let bare = [boxed(*b"moov", b"44"), part(b"y")].concat();
        let other = [head(b"32"), part(b"z"), b"\0\0".to_vec()].concat();
        let stream = [&one[..], &bare, &other].concat();
        for piece in [1, 7, 4096] {
            assert_eq!(all(&stream, piece), [&one[..], &bare, &other], "{piece}");
        }
    }

    #[test]
    fn what_is_no_mp4_is_one_recording() {
        let other = [
            b"\xff\xf1\x50\x80\0\x08ftyp".as_slice(),
            &boxed(*b"moov", b""),
        ]
        .concat();
        let endless = [boxed(*b"ftyp", b""), b"\0\0\0\0mdatand so on".to_vec()].concat();
        let nonsense = [boxed(*b"ftyp", b""), b"\0\0\0\x03moovftyp".to_vec()].concat();
        for stream in [&other[..], &endless, &nonsense, b"abc", b""] {
            assert_eq!(all(stream, 5), [stream]);
        }
    }

    #[test]
    fn what_is_not_read_of_a_recording_is_passed_over() {
        let one = [boxed(*b"ftyp", b""), boxed(*b"moov", &[1; 9_000])].concat();
        let two = [boxed(*b"ftyp", b""), boxed(*b"moov", b"2")].concat();
        let stream = [&one[..], &two].concat();
        let mut recordings = Recordings::of(&stream[..]);
        assert_eq!(recordings.read(&mut [0; 10]).unwrap(), 8);
        assert!(recordings.go_on().unwrap());
        let mut rest = Vec::new();
        recordings.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, two);
        assert!(!recordings.go_on().unwrap());
        let endless = Recordings::of(io::repeat(7));
        assert!(!endless.go_on().unwrap(), "it ends");
    }
}
