//! A file that was made ready, read a few seconds at a time: its Ogg pages (RFC 3533) taken apart
//! into Opus packets without copying any of them. It reads what `prepare` writes, and nothing else.

use super::queue::frames;
use bytes::{Bytes, BytesMut};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// What every page begins with, up to the number of its segments.
const HEAD: usize = 27;
/// The packets before the sound: who made it, and tags.
const HEADERS: usize = 2;
/// Pages that are read at a time, a second each.
const PAGES: usize = 3;
/// Samples a channel in a frame.
const SAMPLES: u64 = 960;
/// Largest Opus packet; what is larger is not ours.
const PACKET_LIMIT: usize = 1_275;

/// Whether a file can be played as it is.
pub fn is_prepared(path: &Path) -> bool {
    Cached::open(path, Duration::ZERO).is_ok_and(|(_, frames)| !frames.is_empty())
}

/// A prepared file that is being read.
#[derive(Debug)]
pub(in crate::audio) struct Cached {
    file: File,
    /// The beginning of a packet that goes on in the next page.
    rest: BytesMut,
    over: bool,
}

struct Page {
    /// Samples from the beginning at its end; -1 when no packet ends in it.
    granule: i64,
    segments: Vec<u8>,
}

impl Page {
    fn body(&self) -> usize {
        self.segments.iter().map(|it| usize::from(*it)).sum()
    }
}

impl Cached {
    /// Opens the file at a place, with the first frames there. Blocks.
    pub(in crate::audio) fn open(path: &Path, from: Duration) -> io::Result<(Cached, Vec<Bytes>)> {
        let mut cached = Cached {
            file: File::open(path)?,
            rest: BytesMut::new(),
            over: false,
        };
        let mut headers = 0;
        while headers < HEADERS {
            let packets = cached.page()?.ok_or(io::ErrorKind::UnexpectedEof)?;
            headers += packets.len();
        }
        let skip = cached.go_to(frames(from))?;
        let mut found = cached.read()?;
        // More than a page is never passed over, and one reading has several.
        found.drain(..skip.min(found.len()));
        Ok((cached, found))
    }

    /// Passes over whole pages; answers how many frames are still to be passed over.
    fn go_to(&mut self, frame: usize) -> io::Result<usize> {
        let mut before = 0;
        loop {
            let at = self.file.stream_position()?;
            let Some(page) = self.head()? else {
                self.file.seek(SeekFrom::Start(at))?;
                return Ok(0);
            };
            let granule = u64::try_from(page.granule).unwrap_or(0);
            let end = usize::try_from(granule / SAMPLES).unwrap_or(0);
            // The next page must not begin with the rest of the packet that is wanted.
            let is_whole = page.segments.last().is_none_or(|last| *last < u8::MAX);
            if end > frame || (end == frame && !is_whole) {
                self.file.seek(SeekFrom::Start(at))?;
                return Ok(frame - before);
            }
            let body = i64::try_from(page.body()).unwrap_or(0);
            self.file.seek(SeekFrom::Current(body))?;
            before = end;
        }
    }

    /// The next seconds; nothing at the end. Blocks.
    pub(in crate::audio) fn read(&mut self) -> io::Result<Vec<Bytes>> {
        let mut packets = Vec::new();
        for _ in 0..PAGES {
            match self.page()? {
                Some(more) => packets.extend(more),
                None => break,
            }
        }
        Ok(packets)
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    fn head(&mut self) -> io::Result<Option<Page>> {
        let mut head = [0; HEAD];
        match self.file.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let [
            b'O',
            b'g',
            b'g',
            b'S',
            _,
            _,
            granule @ ..,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            _,
            count,
        ] = head
        else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let mut segments = vec![0; usize::from(count)];
        self.file.read_exact(&mut segments)?;
        Ok(Some(Page {
            granule: i64::from_le_bytes(granule),
            segments,
        }))
    }

    /// The packets that end in the next page; `None` at the end.
    fn page(&mut self) -> io::Result<Option<Vec<Bytes>>> {
        let Some(page) = self.head()? else {
            self.over = true;
            return Ok(None);
        };
        let mut body = BytesMut::zeroed(page.body());
        self.file.read_exact(&mut body)?;
        let mut body = body.freeze();
        let (mut packets, mut length) = (Vec::with_capacity(page.segments.len() / 2), 0);
        for segment in page.segments {
            length += usize::from(segment);
            if length > PACKET_LIMIT {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if segment == u8::MAX {
                continue;
            }
            // As long as all segments, which are its sum.
            let packet = body.split_to(std::mem::take(&mut length));
            if self.rest.is_empty() {
                packets.push(packet);
            } else {
                self.rest.extend_from_slice(&packet);
                packets.push(self.rest.split().freeze());
            }
        }
        self.rest.extend_from_slice(&body);
        Ok(Some(packets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::prepare::prepare;

    /// Every packet after the headers, as another reader finds them.
    fn packets(path: &Path) -> Vec<Vec<u8>> {
        let mut reader = ogg::PacketReader::new(File::open(path).unwrap());
        let found = std::iter::from_fn(|| reader.read_packet().unwrap());
        found.skip(HEADERS).map(|packet| packet.data).collect()
    }

    #[test]
    fn the_frames_are_those_of_the_file_from_any_place() {
        let folder = tempfile::TempDir::new().unwrap();
        let (source, file) = (folder.path().join("in.wav"), folder.path().join("out.opus"));
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&source, spec).unwrap();
        let mut noise = 1_u32;
        for _ in 0..48_000 * 2 * 7 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            writer
                .write_sample(i16::try_from(noise >> 18).unwrap())
                .unwrap();
        }
        writer.finalize().unwrap();
        prepare(&source, &file).unwrap();
        let expected = packets(&file);
        assert!(expected.len() >= 350, "{}", expected.len());
        for from in [0, 20, 980, 1_000, 1_020, 3_500, 6_999] {
            let (mut cached, mut found) = Cached::open(&file, Duration::from_millis(from)).unwrap();
            while !cached.is_over() {
                found.extend(cached.read().unwrap());
            }
            let first = usize::try_from(from).unwrap() / 20;
            assert!(found == expected[first..], "from {from} ms");
        }
        assert!(is_prepared(&file));
        assert!(!is_prepared(&source));
    }
}
