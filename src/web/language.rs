//! In which language somebody reads: what they asked for with `?lang=`, else what their browser
//! prefers, else the language of the guild.

use crate::i18n::{Fill, Locale, Words};

/// Languages of a browser that are looked at; one has a handful.
const PREFERENCES_LIMIT: usize = 20;

/// The language for a tag such as `zh-Hans-CN` or `en`, if the bot speaks it.
pub(super) fn spoken(tag: &str) -> Option<Locale> {
    match tag.split('-').next()?.trim().to_ascii_lowercase().as_str() {
        "en" => Some(Locale::En),
        "zh" => Some(Locale::ZhCn),
        _ => None,
    }
}

/// The most preferred of the languages in `Accept-Language` (RFC 9110, 12.5.4) that the bot speaks.
pub(super) fn preferred(header: &str) -> Option<Locale> {
    let mut best: Option<(f64, Locale)> = None;
    for part in header.split(',').take(PREFERENCES_LIMIT) {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = rest.trim().strip_prefix("q=");
        let weight = weight.map_or(Some(1.0), |weight| weight.trim().parse::<f64>().ok());
        let (Some(weight), Some(locale)) = (weight, spoken(tag.trim())) else {
            continue;
        };
        // Of equal ones the first.
        if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

/// The sentences of one language, for a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speech<'a> {
    pub(super) words: &'a Words,
    pub(super) locale: Locale,
}

impl Speech<'_> {
    pub(super) fn say(&self, key: &str) -> String {
        self.words.say(self.locale, key, &[])
    }

    pub(super) fn fill(&self, key: &str, fills: &[(&str, Fill<'_>)]) -> String {
        self.words.say(self.locale, key, fills)
    }

    /// A sentence with a number in it.
    pub(super) fn count(&self, key: &str, count: usize) -> String {
        self.fill(key, &[("count", count.into())])
    }

    /// As HTML names languages.
    pub(super) fn tag(&self) -> &'static str {
        self.locale.tag()
    }
}

#[cfg(test)]
mod tests {
    use super::{Locale, preferred};

    #[test]
    fn the_most_preferred_language_that_is_spoken_is_taken() {
        for (header, locale) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Locale::ZhCn)),
            ("en-GB, zh", Some(Locale::En)),
            ("de, fr;q=0.9, zh-Hant;q=0.3, en;q=0.2", Some(Locale::ZhCn)),
            ("en;q=0.1, zh-Hans-CN;q=0.7", Some(Locale::ZhCn)),
            ("zh;q=0, en;q=0.1", Some(Locale::En)),
            ("zh;q=x, en", Some(Locale::En)),
            ("de", None),
            ("*", None),
            ("", None),
            (";;,,;q=", None),
        ] {
            assert_eq!(preferred(header), locale, "{header}");
        }
    }
}
