//! What is said during the songs of one session, as its live page shows it: the newest lines, each
//! once, with a number that only grows. Who may be named is not decided here.

use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::storage::LatestComment;
use std::collections::VecDeque;
use std::time::Duration;

/// Comments on their way to the pages; whoever is so far behind reads them from storage again.
pub const SAID_LIMIT: usize = 1_024;
/// Lines that a page shows.
pub(super) const LINES_LIMIT: usize = 30;

/// A comment that was kept a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub guild: GuildId,
    pub comment: LatestComment,
}

/// A comment as a line of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Grows from line to line; about the time in milliseconds, so that it goes on growing after a
    /// restart.
    pub(super) id: u64,
    pub(super) member: MemberId,
    pub(super) name: String,
    pub(super) text: String,
    /// Where in the song.
    pub(super) offset: Duration,
    /// With the member, what makes it this comment and no other.
    said: (TurnId, Moment),
}

/// The newest lines, the oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    lines: VecDeque<Line>,
    last: u64,
}

impl Lines {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// Adds what is not there yet; `false` when it was.
    pub(super) fn add(&mut self, comment: LatestComment) -> bool {
        let said = (comment.turn, comment.at);
        let is_known = |line: &Line| line.member == comment.member && line.said == said;
        if self.lines.iter().any(is_known) {
            return false;
        }
        let at = u64::try_from(comment.at.0).unwrap_or_default();
        self.last = at.max(self.last + 1);
        self.lines.push_back(Line {
            id: self.last,
            member: comment.member,
            name: comment.name,
            text: spoken(&comment.text),
            offset: comment.offset,
            said,
        });
        if self.lines.len() > LINES_LIMIT {
            self.lines.pop_front();
        }
        true
    }
}

/// Chat without Discord's marks, which only its own clients can show: an emoji of a guild by its
/// name, and no one's number.
fn spoken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, mark)) = rest.split_once('<') {
        out.push_str(before);
        let inner = mark.split_once('>').filter(|(inner, _)| is_mark(inner));
        if let Some((inner, after)) = inner {
            out.push_str(&shown(inner));
            rest = after;
        } else {
            out.push('<');
            rest = mark;
        }
    }
    out.push_str(rest);
    out.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// `:name:7`, `a:name:7`, `@7`, `@!7`, `@&7` or `#7`.
fn is_mark(inner: &str) -> bool {
    let digits = inner.trim_start_matches(|c: char| !c.is_ascii_digit());
    let id = inner
        .rsplit([':', '@', '!', '&', '#'])
        .next()
        .unwrap_or(digits);
    let is_number = !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit());
    let is_emoji = inner.starts_with(':') || inner.starts_with("a:");
    let is_emoji = is_emoji && inner.matches(':').count() == 2;
    is_number && (is_emoji || inner.starts_with(['@', '#']))
}

fn shown(mark: &str) -> String {
    match mark.split(':').nth(1) {
        Some(name) => format!(":{name}:"),
        None if mark.starts_with('#') => "#…".to_owned(),
        None => "@…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(member: u64, at: i64, text: &str) -> LatestComment {
        LatestComment {
            turn: TurnId(1),
            member: MemberId(member),
            name: "Bo".to_owned(),
            offset: Duration::ZERO,
            text: text.to_owned(),
            at: Moment(at),
        }
    }

    #[test]
    fn a_comment_is_one_line_and_numbers_only_grow() {
        let mut lines = Lines::default();
        assert!(lines.add(comment(1, 5_000, "one")));
        assert!(!lines.add(comment(1, 5_000, "one")), "the same again");
        assert!(lines.add(comment(2, 5_000, "at the same moment")));
        assert!(lines.add(comment(2, 4_000, "by a clock that was put back")));
        let ids: Vec<u64> = lines.iter().map(|line| line.id).collect();
        assert_eq!(ids, [5_000, 5_001, 5_002]);
        for at in 0..50 {
            lines.add(comment(3, 6_000 + at, "more"));
        }
        assert_eq!(lines.iter().count(), LINES_LIMIT);
        assert_eq!(lines.iter().last().map(|line| line.id), Some(6_049));
    }

    #[test]
    fn discords_marks_are_put_into_words() {
        for (said, shown) in [
            ("great <:party:123> song", "great :party: song"),
            ("<a:dance:9><:x:1>", ":dance::x:"),
            ("hi <@123> <@!4> <@&5> <#6>", "hi @… @… @… #…"),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
            ("<3 <b>bold</b> <:no:x> <@x>", "<3 <b>bold</b> <:no:x> <@x>"),
            ("two\r\nlines", "two  lines"),
            ("<", "<"),
        ] {
            assert_eq!(spoken(said), shown);
        }
    }
}
