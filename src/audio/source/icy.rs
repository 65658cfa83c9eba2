//! Titles in a radio stream, as Shoutcast sends them and Icecast after it: after every `icy-metaint`
//! bytes of sound comes one byte with the length of a text in sixteenths, and the text. It only takes
//! the two apart; the sound is for others to read.

use super::super::clean::cleaned;
use bytes::Bytes;

/// A server that announces more sound than this between titles is not believed.
const EVERY_LIMIT: usize = 1024 * 1024;
/// What the length byte counts in.
const UNIT: usize = 16;
const TITLE: &[u8] = b"StreamTitle='";

/// Takes a stream apart, whose pieces may be cut anywhere.
#[derive(Debug)]
pub(super) struct Icy {
    every: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    /// So many bytes of sound are to come.
    Sound(usize),
    /// The length of a text comes next.
    Length,
    /// So many bytes of a text are still to come.
    Text(usize, Vec<u8>),
}

impl Icy {
    /// `every` is the header `icy-metaint`; `None` when it makes no sense.
    pub(super) fn new(every: usize) -> Option<Icy> {
        (1..=EVERY_LIMIT).contains(&every).then_some(Icy {
            every,
            state: State::Sound(every),
        })
    }

    /// Gives the sound of a piece to `sound`, and answers the newest title in it. A text without a
    /// title says nothing new.
    pub(super) fn take(&mut self, mut piece: Bytes, sound: &mut Vec<Bytes>) -> Option<String> {
        let mut newest = None;
        while !piece.is_empty() {
            match &mut self.state {
                State::Sound(left) => {
                    let part = piece.split_to((*left).min(piece.len()));
                    *left -= part.len();
                    if *left == 0 {
                        self.state = State::Length;
                    }
                    sound.push(part);
                }
                State::Length => {
                    let length = piece.split_to(1).first().map_or(0, |it| usize::from(*it));
                    self.state = match length {
                        0 => State::Sound(self.every),
                        length => State::Text(length * UNIT, Vec::new()),
                    };
                }
                State::Text(left, text) => {
                    let part = piece.split_to((*left).min(piece.len()));
                    *left -= part.len();
                    text.extend_from_slice(&part);
                    if *left == 0 {
                        newest = title(text).or(newest);
                        self.state = State::Sound(self.every);
                    }
                }
            }
        }
        newest
    }
}

/// The title in a text like `StreamTitle='It's here';StreamUrl='';`. Quotes in it are not marked, so
/// it ends at the first quote that a semicolon follows.
fn title(text: &[u8]) -> Option<String> {
    let start = find(text, TITLE)? + TITLE.len();
    let rest = text.get(start..)?;
    let end = find(rest, b"';").or_else(|| rest.iter().rposition(|it| *it == b'\''));
    cleaned(&worded(rest.get(..end?)?))
}

fn find(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|it| it == sought)
}

/// Words of a server that does not say how they are encoded: UTF-8 if they can be, else Latin-1.
pub(super) fn worded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[u8]) -> Vec<u8> {
        let units = words.len().div_ceil(UNIT);
        let mut text = vec![u8::try_from(units).unwrap()];
        text.extend(words);
        text.resize(1 + units * UNIT, 0);
        text
    }

    /// 8 bytes of sound, a title, 8, none, 8, a title in Latin-1, 3.
    fn stream() -> Vec<u8> {
        let mut stream = b"sound 1 ".to_vec();
        stream.extend(text(
            "StreamTitle='It's 夜来香; really';StreamUrl='x';".as_bytes(),
        ));
        stream.extend(b"sound 2 \0sound 3 ");
        stream.extend(text(b"StreamTitle='Caf\xe9 @every\xadone';"));
        stream.extend(b"end");
        stream
    }

    #[test]
    fn sound_and_titles_are_taken_apart_wherever_the_pieces_are_cut() {
        let whole = stream();
        for length in 1..whole.len() {
            let mut icy = Icy::new(8).unwrap();
            let (mut sound, mut titles) = (Vec::new(), Vec::new());
            for piece in whole.chunks(length) {
                titles.extend(icy.take(Bytes::copy_from_slice(piece), &mut sound));
            }
            assert_eq!(sound.concat(), b"sound 1 sound 2 sound 3 end", "{length}");
            // A large piece may hold both; the newest counts.
            let last = titles.last().unwrap();
            assert!(last.starts_with("Caf\u{e9} @every"), "{last}");
            if length < 50 {
                assert_eq!(titles.first().unwrap(), "It's 夜来香; really");
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_no_title() {
        assert_eq!(title(b"StreamTitle='';"), None);
        assert_eq!(title(b"StreamUrl='x';"), None);
        assert_eq!(title(b"StreamTitle='never closed"), None);
        assert_eq!(
            title(b"StreamTitle='at the end'").as_deref(),
            Some("at the end")
        );
        assert!(Icy::new(0).is_none() && Icy::new(usize::MAX).is_none());
    }
}
