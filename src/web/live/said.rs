//! What is said during the songs of one session, as its live page shows it: the newest lines, each
//! once, with a number that only grows. Who may be named is not decided here.

use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::storage::{CommentKey, LatestComment};
use std::collections::{HashSet, VecDeque};
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
    key: CommentKey,
}

/// The newest lines, the oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    newest: VecDeque<Line>,
    last: u64,
    /// How often lines were taken out.
    takings: u64,
}

impl Lines {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Line> {
        self.newest.iter()
    }

    /// Adds what is not there yet; `false` when it was.
    pub(super) fn add(&mut self, comment: LatestComment) -> bool {
        let key = comment.key();
        if self.newest.iter().any(|line| line.key == key) {
            return false;
        }
        let at = u64::try_from(comment.at.0).unwrap_or_default();
        self.last = at.max(self.last + 1);
        self.newest.push_back(Line {
            id: self.last,
            member: comment.member,
            name: comment.name,
            text: spoken(&comment.text),
            offset: comment.offset,
            key,
        });
        if self.newest.len() > LINES_LIMIT {
            self.newest.pop_front();
        }
        true
    }

    /// Takes out what is kept no more, since whoever said it is forgotten; `false` when all of it is.
    pub(super) fn retain(&mut self, kept: &HashSet<CommentKey>) -> bool {
        let before = self.newest.len();
        self.newest.retain(|line| kept.contains(&line.key));
        let is_less = self.newest.len() < before;
        self.takings += u64::from(is_less);
        is_less
    }

    pub(super) fn takings(&self) -> u64 {
        self.takings
    }

    /// The first turn and the first moment of all lines.
    pub(super) fn since(&self) -> Option<(TurnId, Moment)> {
        let keys = self.newest.iter().map(|line| line.key);
        keys.map(|(turn, _, at)| (turn, at))
            .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)))
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
    fn what_is_kept_no_more_is_taken_out_and_numbers_go_on_growing() {
        let mut lines = Lines::default();
        assert_eq!(lines.since(), None);
        let all = [
            comment(1, 5_000, "one"),
            comment(2, 6_000, "two"),
            comment(1, 7_000, "three"),
        ];
        for one in &all {
            lines.add(one.clone());
        }
        assert_eq!(lines.since(), Some((TurnId(1), Moment(5_000))));
        let kept: HashSet<_> = all.iter().map(LatestComment::key).collect();
        assert!(!lines.retain(&kept));
        assert_eq!(lines.takings(), 0);
        assert!(lines.retain(&HashSet::from([all[1].key()])));
        assert_eq!(lines.takings(), 1);
        let left: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(left, ["two"]);
        lines.add(comment(3, 6_500, "by a clock that was put back"));
        assert_eq!(lines.iter().last().map(|line| line.id), Some(7_001));
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
