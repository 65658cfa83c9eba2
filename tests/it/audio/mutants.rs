//! Makes mutants of sound files: single bytes changed, parts cut out, put in twice or filled with
//! noise, and numbers that mean something (sizes, counts, rates) set to what nobody expects. A seed in,
//! the same bytes out; it opens nothing.

use super::fixture;

/// One file of every container and codec, and of every way to tag them.
pub(super) const FORMATS: &[&str] = &[
    "tone.mp3",
    "vbr.mp3",
    "mp2.mp2",
    "aac.m4a",
    "tone.aac",
    "alac.m4a",
    "film.mp4",
    "opus.mp4",
    "tone.flac",
    "flac.ogg",
    "flac.mka",
    "tone.wav",
    "wav24.wav",
    "float.wav",
    "adpcm_ms.wav",
    "adpcm_ima.wav",
    "tone.aiff",
    "tone.caf",
    "alac.caf",
    "vorbis.ogg",
    "vorbis.mka",
    "tone.opus",
    "tone.webm",
    "film.webm",
    "aac.mkv",
];

/// The mutant of that number, and what it was made of.
pub(super) fn mutant(seed: u64) -> (&'static str, Vec<u8>) {
    let mut chance = Chance(fastrand::Rng::with_seed(seed));
    let name = FORMATS[chance.below(FORMATS.len())];
    let original = fixture(name);
    let mut bytes = if chance.0.bool() {
        chance.broken(&original)
    } else {
        chance.lying(&original)
    };
    // A page whose checksum is wrong is passed over, and nothing in it is tried.
    if chance.below(4) > 0 {
        seal(&mut bytes);
    }
    (name, bytes)
}

/// Chance that can be repeated.
struct Chance(fastrand::Rng);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end.max(1))
    }

    /// The same bytes, changed in one to eight places; more often at the beginning, where the
    /// headers are.
    fn broken(&mut self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        for _ in 0..=self.below(8) {
            let reach = if self.0.bool() { 600 } else { bytes.len() };
            let at = self.below(reach.min(bytes.len()));
            let length = self.below(64).min(bytes.len() - at);
            match self.below(7) {
                0 => bytes[at] = self.0.u8(..),
                1 => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..at + length)),
                3 => {
                    let twice = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, twice);
                }
                4 => bytes[at..at + length].fill(0xFF),
                5 => bytes.truncate(at.max(1)),
                _ => self.0.fill(&mut bytes[at..at + length]),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        bytes
    }

    /// The same bytes, with one to four of the numbers in them changed.
    fn lying(&mut self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        let numbers = numbers(&bytes);
        for _ in 0..=self.below(4) {
            // Half of them in the head of the file.
            let reach = if self.0.bool() { 40 } else { numbers.len() };
            let Some(&(at, width)) = numbers.get(self.below(reach.min(numbers.len()))) else {
                continue;
            };
            let Some(number) = bytes.get_mut(at..at + width) else {
                continue;
            };
            self.lie(number);
        }
        bytes
    }

    fn lie(&mut self, number: &mut [u8]) {
        match self.below(9) {
            0 => number.fill(0),
            1 => number.fill(0xFF),
            // The largest that is not negative, both ways round.
            2 => {
                number.fill(0xFF);
                number[0] = 0x7F;
            }
            3 => {
                number.fill(0xFF);
                number[number.len() - 1] = 0x7F;
            }
            4 => number.reverse(),
            5 => {
                let last = number.len() - 1;
                number[last] = number[last].wrapping_add(1);
            }
            6 => number[0] = number[0].wrapping_sub(1),
            7 => {
                number.fill(0);
                let place = self.below(number.len());
                number[place] = 1 << self.below(8);
            }
            _ => self.0.fill(number),
        }
    }
}

/// Where numbers stand, as far as one can see it without reading a format: around the names of
/// chunks, atoms and frames, after Matroska's ids, in the heads of Ogg pages, FLAC blocks and frames
/// of MPEG audio.
fn numbers(bytes: &[u8]) -> Vec<(usize, usize)> {
    const EBML: [&[u8]; 12] = [
        b"\x1A\x45\xDF\xA3",
        b"\x18\x53\x80\x67",
        b"\x15\x49\xA9\x66",
        b"\x16\x54\xAE\x6B",
        b"\x1F\x43\xB6\x75",
        b"\x12\x54\xC3\x67",
        b"\x1C\x53\xBB\x6B",
        b"\x2A\xD7\xB1",
        b"\x63\xA2",
        b"\x73\xC5",
        b"\xAE",
        b"\xA3",
    ];
    let mut numbers = Vec::new();
    let is_name = |name: &[u8]| {
        let fits = |it: &u8| it.is_ascii_alphanumeric() || b" -\xA9".contains(it);
        name.iter().all(fits) && name.iter().any(u8::is_ascii_alphabetic)
    };
    for (at, rest) in (0..bytes.len()).map(|at| (at, &bytes[at..])) {
        if rest.starts_with(b"OggS") {
            let segments = rest.get(26).copied().unwrap_or(0);
            numbers.extend([
                (at + 4, 1),
                (at + 5, 1),
                (at + 6, 8),
                (at + 18, 4),
                (at + 26, 1),
            ]);
            numbers.extend((0..usize::from(segments.min(8))).map(|it| (at + 27 + it, 1)));
            // Into the packet, where its own head is.
            let body = at + 27 + usize::from(segments);
            numbers.extend((0..24).map(|it| (body + it, 1 + it % 4)));
        } else if rest.starts_with(b"fLaC") {
            numbers.extend([
                (at + 4, 1),
                (at + 5, 3),
                (at + 8, 2),
                (at + 10, 2),
                (at + 18, 8),
            ]);
        } else if rest.starts_with(b"ID3") {
            numbers.extend([(at + 3, 1), (at + 5, 1), (at + 6, 4)]);
        } else if rest.len() > 20 && is_name(&rest[..4]) {
            numbers.extend([
                (at.saturating_sub(4), 4),
                (at + 4, 4),
                (at + 8, 4),
                (at + 12, 4),
            ]);
            numbers.extend([(at + 4, 8), (at + 10, 2), (at + 16, 2), (at + 18, 2)]);
        } else if let Some(id) = EBML.iter().find(|id| rest.starts_with(id)) {
            let after = at + id.len();
            numbers.extend([(after, 1), (after, 8), (after + 1, 1), (after + 1, 4)]);
        } else if rest.len() > 8 && rest[0] == 0xFF && rest[1] >= 0xE0 {
            numbers.extend([(at + 1, 1), (at + 2, 1), (at + 3, 3)]);
        }
    }
    numbers
}

/// Makes the checksums of all Ogg pages right (RFC 3533, section 6).
fn seal(bytes: &mut [u8]) {
    let pages: Vec<usize> = (0..bytes.len().saturating_sub(27))
        .filter(|at| bytes[*at..].starts_with(b"OggS"))
        .collect();
    for at in pages {
        let segments = usize::from(bytes[at + 26]);
        let Some(lacing) = bytes.get(at + 27..at + 27 + segments) else {
            continue;
        };
        let body: usize = lacing.iter().map(|it| usize::from(*it)).sum();
        let Some(page) = bytes.get_mut(at..at + 27 + segments + body) else {
            continue;
        };
        page[22..26].fill(0);
        let sum = page.iter().fold(0_u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte) << 24, |sum, _| {
                let carry = if sum >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
                sum << 1 ^ carry
            })
        });
        page[22..26].copy_from_slice(&sum.to_le_bytes());
    }
}

#[test]
fn pages_are_sealed_as_they_were_by_those_who_made_them() {
    let original = fixture("tone.opus");
    let mut sealed = original.clone();
    for at in 0..sealed.len() - 27 {
        if sealed[at..].starts_with(b"OggS") {
            sealed[at + 22..at + 26].fill(0xAA);
        }
    }
    seal(&mut sealed);
    assert!(sealed == original);
}

#[test]
fn a_mutant_is_the_same_every_time_and_never_the_original() {
    let mut different = 0;
    for seed in 0..50 {
        let (name, bytes) = mutant(seed);
        assert!(mutant(seed) == (name, bytes.clone()));
        different += u32::from(bytes != fixture(name));
    }
    assert!(different > 45, "{different}");
}
