//! What stands for somebody without a picture, and for a song without a cover: initials, and a colour
//! that stays theirs.

use super::super::picture::first_cluster;

/// Dark enough for white letters (4.5:1 and more), and apart from each other.
const COLOURS: [&str; 8] = [
    "#b8431b", "#8a3ffc", "#1a7f5a", "#2f6fc4", "#b02a6f", "#7a5c00", "#00747a", "#5b5f97",
];

/// The colour of an id.
pub(super) fn colour(id: u64) -> &'static str {
    // Ids of Discord end in counters that are mostly 0: the time is what differs.
    let mixed = (id ^ (id >> 22)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 61;
    let index = usize::try_from(mixed).unwrap_or_default();
    COLOURS.get(index % COLOURS.len()).unwrap_or(&"#5b5f97")
}

/// The first letters of the first and the last word; one where letters are words.
pub(super) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().map(first_cluster).unwrap_or_default();
    let last = words.next_back().map(first_cluster).unwrap_or_default();
    let short = |it: &str| it.chars().all(|c| c.is_alphanumeric() && c < '\u{0590}');
    let initials = if short(&first) && short(&last) {
        format!("{first}{last}")
    } else {
        first
    };
    initials.to_uppercase()
}
