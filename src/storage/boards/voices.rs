//! The listeners of a play as one text, so that a history of millions of them can be read in little
//! time: 22 signs each, in digits of 6 bits. It is the same text on both databases.

use crate::domain::ids::MemberId;
use crate::domain::leaderboard::Ear;
use crate::domain::protocol::Stars;

/// Signs for the member, for how long they had been one (s), for what they heard (ms), for the
/// stars, and for the flags.
const WIDTHS: [usize; 5] = [11, 4, 5, 1, 1];
const WIDTH: usize = 22;
const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/// The largest numbers that 4 and 5 signs hold. 194 days are longer than the longest membership
/// that a guild may ask for, so they stand for "long".
const LONGEST_S: u64 = (1 << 24) - 1;
const MOST_HEARD_MS: u64 = (1 << 30) - 1;
const HEARD: u64 = 1;
const GRABBED: u64 = 2;
const VOIDED: u64 = 4;

/// The text of a play's listeners.
pub(super) fn written(ears: &[Ear]) -> String {
    let mut text = String::with_capacity(ears.len() * WIDTH);
    for ear in ears {
        let flags = [
            (ear.has_heard, HEARD),
            (ear.grabbed, GRABBED),
            (ear.voided, VOIDED),
        ];
        let flags = flags.iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum();
        let numbers = [
            ear.member.0,
            u64::from(ear.member_for_s).min(LONGEST_S),
            u64::from(ear.heard_ms).min(MOST_HEARD_MS),
            ear.stars.map_or(0, |stars| stars.get().into()),
            flags,
        ];
        for (number, width) in numbers.into_iter().zip(WIDTHS) {
            for place in (0..width).rev() {
                let digit = number >> (6 * place) & 63;
                let sign = usize::try_from(digit).ok().and_then(|at| DIGITS.get(at));
                text.push(char::from(*sign.unwrap_or(&b'0')));
            }
        }
    }
    text
}

fn digit(sign: u8) -> Option<u64> {
    Some(match sign {
        b'0'..=b'9' => u64::from(sign - b'0'),
        b'A'..=b'Z' => u64::from(sign - b'A') + 10,
        b'a'..=b'z' => u64::from(sign - b'a') + 36,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

/// The listeners of a text; `None` if it is none.
pub(super) fn read(text: &str) -> Option<Vec<Ear>> {
    let whole = text.len().is_multiple_of(WIDTH);
    let ears = text.as_bytes().chunks(WIDTH).map(ear);
    ears.collect::<Option<Vec<Ear>>>().filter(|_| whole)
}

fn ear(signs: &[u8]) -> Option<Ear> {
    let mut rest = signs;
    let mut next = |width| {
        let (own, after) = rest.split_at_checked(width)?;
        rest = after;
        own.iter()
            .try_fold(0_u64, |all, sign| Some(all << 6 | digit(*sign)?))
    };
    let [member, member_for, heard, stars, flags] = WIDTHS;
    let member = MemberId(next(member)?);
    let member_for_s = next(member_for)?;
    let heard_ms = u32::try_from(next(heard)?).ok()?;
    let stars = u8::try_from(next(stars)?).ok()?;
    let flags = next(flags)?;
    Some(Ear {
        member,
        heard_ms,
        has_heard: flags & HEARD != 0,
        stars: Stars::new(stars),
        grabbed: flags & GRABBED != 0,
        voided: flags & VOIDED != 0,
        member_for_s: if member_for_s == LONGEST_S {
            Ear::LONG
        } else {
            u32::try_from(member_for_s).ok()?
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{read, written};
    use crate::domain::ids::MemberId;
    use crate::domain::leaderboard::Ear;
    use crate::domain::protocol::Stars;

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let plain = Ear {
            member: MemberId(1),
            heard_ms: 0,
            has_heard: false,
            stars: None,
            grabbed: false,
            voided: false,
            member_for_s: 0,
        };
        let full = Ear {
            member: MemberId(9_223_372_036_854_775_807),
            heard_ms: 1_073_741_823,
            has_heard: true,
            stars: Stars::new(5),
            grabbed: true,
            voided: true,
            member_for_s: Ear::LONG,
        };
        let some = Ear {
            member: MemberId(1_180_000_000_000_000_001),
            heard_ms: 183_456,
            stars: Stars::new(1),
            member_for_s: 86_399,
            ..plain
        };
        let ears = vec![plain, full, some];
        let text = written(&ears);
        assert_eq!(text.len(), 66);
        assert_eq!(read(&text), Some(ears));
        assert_eq!(read(""), Some(Vec::new()));
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "x",
            "0123456789012345678901!",
            "012345678901234567890\u{e9}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
