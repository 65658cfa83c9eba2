//! How the value of a setting is typed and shown.

use super::super::super::markup::{plain, plain_cut};
use super::super::call::Call;
use crate::domain::ids::{ChannelId, RoleId};
use crate::domain::setting::{Kind, LANGUAGES, Setting, Value};
use std::collections::BTreeSet;
use std::time::Duration;

/// How much of the banned words is shown, in characters.
const WORDS_LIMIT: usize = 200;
/// How much of a value the log keeps, in characters.
const WRITTEN_LIMIT: usize = 150;

/// What takes a channel, a role or words away.
const NOTHING: [&str; 6] = ["none", "off", "-", "no", "无", "没有"];

/// The typed text as a value of that kind; `None` if it is none. Bounds are checked elsewhere.
pub(super) fn read(kind: Kind, text: &str) -> Option<Value> {
    let text = text.trim();
    let nothing = NOTHING.contains(&text.to_lowercase().as_str());
    Some(match kind {
        Kind::Count { .. } => Value::Count(text.parse().ok()?),
        Kind::Span { .. } => Value::Span(span(text)?),
        Kind::Flag => Value::Flag(flag(text)?),
        Kind::Emoji => Value::Emoji(emoji(text)?),
        Kind::Language => Value::Language(language(text)?),
        Kind::Channel if nothing => Value::Channel(None),
        Kind::Channel => Value::Channel(Some(ChannelId(id(text, "<#")?))),
        Kind::Role if nothing => Value::Role(None),
        Kind::Role => Value::Role(Some(RoleId(id(text, "<@&")?))),
        Kind::Words if nothing => Value::Words(BTreeSet::new()),
        Kind::Words => Value::Words(words(text)),
    })
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "on" | "yes" | "true" | "1" | "开" | "是" => Some(true),
        "off" | "no" | "false" | "0" | "关" | "否" => Some(false),
        _ => None,
    }
}

/// `90s`, `5 min`, `1h30m`, `2:30`, `5 分钟`. A bare number has no unit and is none, but 0 needs
/// none.
fn span(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    if text.contains(':') {
        let parts: Option<Vec<u64>> = text
            .split(':')
            .map(|part| part.trim().parse().ok())
            .collect();
        let parts = parts.filter(|parts| parts.len() <= 3)?;
        let seconds = parts
            .iter()
            .try_fold(0_u64, |all, part| all.checked_mul(60)?.checked_add(*part))?;
        return Some(Duration::from_secs(seconds));
    }
    let mut seconds = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let end = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, further) = after.split_at(end);
        let unit = match unit.trim().to_lowercase().as_str() {
            "s" | "sec" | "second" | "seconds" | "秒" => 1,
            "m" | "min" | "minute" | "minutes" | "分" | "分钟" => 60,
            "h" | "hour" | "hours" | "小时" => 3_600,
            "d" | "day" | "days" | "天" => 86_400,
            _ => return None,
        };
        let part = number.parse::<u64>().ok()?.checked_mul(unit)?;
        seconds = seconds.checked_add(part)?;
        rest = further;
    }
    (!text.is_empty()).then(|| Duration::from_secs(seconds))
}

/// Five, with spaces between; a custom one as Discord writes it becomes `name:id`.
fn emoji(text: &str) -> Option<[String; 5]> {
    let one = |part: &str| {
        let inner = part.strip_prefix("<a:").or_else(|| part.strip_prefix("<:"));
        inner.map_or_else(
            || part.to_owned(),
            |inner| inner.trim_end_matches('>').to_owned(),
        )
    };
    let all: Vec<String> = text.split_whitespace().map(one).collect();
    all.try_into().ok()
}

fn language(text: &str) -> Option<String> {
    let known = LANGUAGES
        .into_iter()
        .find(|tag| tag.eq_ignore_ascii_case(text));
    let named = match text.to_lowercase().as_str() {
        "english" | "英语" | "英文" => Some("en"),
        "chinese" | "中文" | "简体中文" => Some("zh-CN"),
        _ => None,
    };
    known.or(named).map(ToOwned::to_owned)
}

/// A mention or a bare id.
fn id(text: &str, opening: &str) -> Option<u64> {
    let inner = text
        .strip_prefix(opening)
        .map(|inner| inner.trim_end_matches('>'));
    inner.unwrap_or(text).parse().ok().filter(|id| *id > 0)
}

fn words(text: &str) -> BTreeSet<String> {
    text.split([',', '，', '、'])
        .map(|word| word.trim().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The value as people read it.
pub(super) fn shown(call: &Call, value: &Value) -> String {
    let nothing = || call.say("value-none", &[]);
    match value {
        Value::Count(count) => count.to_string(),
        Value::Span(span) => super::super::hours(call, *span),
        Value::Flag(true) => call.say("value-on", &[]),
        Value::Flag(false) => call.say("value-off", &[]),
        Value::Emoji(emoji) => {
            let signs = emoji.iter().map(|sign| super::super::emoji(sign));
            signs.collect::<Vec<_>>().join(" ")
        }
        Value::Language(tag) => plain(tag),
        Value::Channel(channel) => channel.map_or_else(nothing, crate::i18n::channel),
        Value::Role(role) => role.map_or_else(nothing, |role| format!("<@&{role}>")),
        Value::Words(words) if words.is_empty() => nothing(),
        Value::Words(words) => {
            let all = words
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            format!("||{}||", plain_cut(&all, WORDS_LIMIT))
        }
    }
}

/// The value as the log keeps it, in no language.
pub(super) fn written(value: &Value) -> String {
    let text = match value {
        Value::Count(count) => count.to_string(),
        Value::Span(span) => format!("{}s", span.as_secs()),
        Value::Flag(flag) => if *flag { "on" } else { "off" }.to_owned(),
        Value::Emoji(emoji) => emoji.join(" "),
        Value::Language(tag) => tag.clone(),
        Value::Channel(channel) => channel.map_or_else(|| "-".to_owned(), |it| it.to_string()),
        Value::Role(role) => role.map_or_else(|| "-".to_owned(), |it| it.to_string()),
        Value::Words(words) => words
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    };
    super::super::super::markup::cut(&text, WRITTEN_LIMIT)
}

/// What may be typed for a setting: what it is now, and the other choices where there are few.
pub(super) fn suggestions(call: &Call, setting: Option<Setting>) -> Vec<(String, String)> {
    let Some(setting) = setting else {
        return Vec::new();
    };
    let pair = |text: &str| (text.to_owned(), text.to_owned());
    match setting.kind() {
        Kind::Flag => ["on", "off"].map(pair).into(),
        Kind::Language => LANGUAGES.map(pair).into(),
        _ => {
            let now = written(&setting.get(&call.view.settings));
            if now.is_empty() {
                Vec::new()
            } else {
                vec![pair(&now)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read, span, written};
    use crate::domain::ids::{ChannelId, RoleId};
    use crate::domain::setting::{Setting, Value};
    use crate::domain::settings::Settings;
    use std::time::Duration;

    #[test]
    fn times_are_typed_in_many_ways() {
        let seconds = |text| span(text).map(|span| span.as_secs());
        assert_eq!(seconds("90s"), Some(90));
        assert_eq!(seconds("5 min"), Some(300));
        assert_eq!(seconds("1h30m"), Some(5_400));
        assert_eq!(seconds("1 h 30 min"), Some(5_400));
        assert_eq!(seconds("2:30"), Some(150));
        assert_eq!(seconds("1:00:00"), Some(3_600));
        assert_eq!(seconds("5分钟"), Some(300));
        assert_eq!(seconds("0"), Some(0));
        for wrong in [
            "",
            "5",
            "m",
            "five",
            "5x",
            "-3s",
            "1:2:3:4",
            "99999999999999999999s",
        ] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn other_values_are_read_as_people_type_them() {
        let read = |setting: Setting, text| read(setting.kind(), text);
        assert_eq!(read(Setting::Seats, " 4 "), Some(Value::Count(4)));
        assert_eq!(read(Setting::Seats, "four"), None);
        assert_eq!(read(Setting::VoteSkip, "OFF"), Some(Value::Flag(false)));
        assert_eq!(read(Setting::VoteSkip, "开"), Some(Value::Flag(true)));
        assert_eq!(read(Setting::VoteSkip, "maybe"), None);
        let emoji = ["a", "b", "c", "d", "name:12"].map(String::from);
        assert_eq!(
            read(Setting::Emoji, "a b c d <:name:12>"),
            Some(Value::Emoji(emoji))
        );
        assert_eq!(read(Setting::Emoji, "a b"), None);
        assert_eq!(
            read(Setting::Language, "ZH-cn"),
            Some(Value::Language("zh-CN".to_owned()))
        );
        assert_eq!(read(Setting::Language, "klingon"), None);
        let channel = Value::Channel(Some(ChannelId(123)));
        assert_eq!(read(Setting::TextChannel, "<#123>"), Some(channel));
        assert_eq!(
            read(Setting::TextChannel, "none"),
            Some(Value::Channel(None))
        );
        assert_eq!(
            read(Setting::ModeratorRole, "<@&7>"),
            Some(Value::Role(Some(RoleId(7))))
        );
        assert_eq!(read(Setting::ModeratorRole, "DJ"), None);
        let Some(Value::Words(words)) = read(Setting::BannedWords, "One, two，三") else {
            panic!("these are words");
        };
        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["one", "two", "三"]);
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let settings = Settings::default();
        for setting in Setting::ALL {
            let value = setting.get(&settings);
            let text = written(&value);
            if !text.is_empty() {
                assert_eq!(
                    read(setting.kind(), &text),
                    Some(value),
                    "{}",
                    setting.name()
                );
            }
        }
        assert_eq!(written(&Value::Span(Duration::from_mins(2))), "120s");
    }
}
