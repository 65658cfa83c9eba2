//! `/skip`: the looper's own song at once, anybody's by the host and moderators with a reason.

use super::call::{Call, Outcome};
use super::definition::Part;
use super::options::Options;
use crate::domain::protocol::{Command, SkipReason};

/// Longest reason in one's own words, in characters.
const REASON_LIMIT: usize = 200;

const PRESETS: [(&str, SkipReason); 5] = [
    ("reason:off-theme", SkipReason::OffTheme),
    ("reason:too-loud", SkipReason::TooLoud),
    ("reason:bad-quality", SkipReason::BadQuality),
    ("reason:played-already", SkipReason::PlayedAlready),
    ("reason:unsuitable", SkipReason::Unsuitable),
];

pub(super) fn definition() -> Part {
    Part::command("skip").with(reason_part())
}

/// A preset reason, offered while one types, or one's own words.
pub(super) fn reason_part() -> Part {
    Part::text("reason", REASON_LIMIT).suggested()
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    // A song that has ended meanwhile must not take the next one with it.
    let open = call.view.open.as_ref();
    let turn = open.and_then(|open| Some(open.now.as_ref()?.turn));
    let reason = options.text("reason").map(reason);
    call.carry_out(Command::Skip { turn, reason }).await
}

/// The presets whose words hold what was typed.
pub(super) fn suggestions(call: &Call, typed: &str) -> Vec<(String, String)> {
    let quote = |text: &str| text.to_owned();
    let typed = typed.to_lowercase();
    PRESETS
        .iter()
        .map(|(value, reason)| {
            let name = call.desk.words.skip_reason(call.locale(), reason, quote);
            (name, (*value).to_owned())
        })
        .filter(|(name, _)| name.to_lowercase().contains(&typed))
        .collect()
}

fn reason(text: &str) -> SkipReason {
    let preset = PRESETS.into_iter().find(|(value, _)| *value == text);
    preset.map_or_else(|| SkipReason::Words(text.to_owned()), |(_, reason)| reason)
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::domain::protocol::SkipReason;

    #[test]
    fn a_reason_is_a_preset_or_words() {
        assert_eq!(reason("reason:too-loud"), SkipReason::TooLoud);
        let own = SkipReason::Words("reason: because".to_owned());
        assert_eq!(reason("reason: because"), own);
    }
}
