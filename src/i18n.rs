//! Floor 1: what the bot says to people, in their language. It words the core's notices and
//! refusals and every other sentence by its key; one file per language. It does not know where a
//! sentence is shown: how other people's words are quoted there is an argument.

mod answers;
mod collections;
mod signs;

pub use answers::Quote;
pub use signs::{channel, clock, mention, relative};

use crate::domain::calendar::Date;
use crate::domain::moment::Moment;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::borrow::Cow;
use std::fmt;
use unic_langid::LanguageIdentifier;

/// A language the bot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    #[default]
    En,
    ZhCn,
}

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::En, Locale::ZhCn];

    /// From a locale as Discord writes it (`zh-CN`, `en-GB`); English for a language the bot does
    /// not speak.
    pub fn of(tag: &str) -> Locale {
        if tag.eq_ignore_ascii_case("zh-CN") {
            Locale::ZhCn
        } else {
            Locale::En
        }
    }

    /// As it is written in settings.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::ZhCn => "zh-CN",
        }
    }

    /// As its readers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Locale::En => "English",
            Locale::ZhCn => "简体中文",
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().expect("the tags above are well formed")
    }

    fn source(self) -> &'static str {
        match self {
            Locale::En => include_str!("i18n/en.ftl"),
            Locale::ZhCn => include_str!("i18n/zh-CN.ftl"),
        }
    }
}

/// What a sentence's gap is filled with.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill<'a> {
    Text(Cow<'a, str>),
    /// A number that may choose the sentence's form.
    Count(u64),
}

impl<'a> From<&'a str> for Fill<'a> {
    fn from(text: &'a str) -> Self {
        Fill::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Fill<'a> {
    fn from(text: &'a String) -> Self {
        Fill::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Fill<'_> {
    fn from(text: String) -> Self {
        Fill::Text(Cow::Owned(text))
    }
}

impl From<u8> for Fill<'_> {
    fn from(count: u8) -> Self {
        Fill::Count(count.into())
    }
}

impl From<u32> for Fill<'_> {
    fn from(count: u32) -> Self {
        Fill::Count(count.into())
    }
}

impl From<u64> for Fill<'_> {
    fn from(count: u64) -> Self {
        Fill::Count(count)
    }
}

impl From<usize> for Fill<'_> {
    fn from(count: usize) -> Self {
        Fill::Count(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

/// All sentences in all languages; read once, then shared.
pub struct Words {
    en: FluentBundle<FluentResource>,
    zh_cn: FluentBundle<FluentResource>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

impl Default for Words {
    fn default() -> Self {
        Words::new()
    }
}

impl Words {
    pub fn new() -> Words {
        Words {
            en: bundle(Locale::En),
            zh_cn: bundle(Locale::ZhCn),
        }
    }

    /// The sentence of that key with its gaps filled.
    pub fn say(&self, locale: Locale, key: &str, fills: &[(&str, Fill<'_>)]) -> String {
        let (sentence, faults) = self.worded(locale, key, fills);
        if !faults.is_empty() {
            tracing::error!(key, locale = locale.tag(), ?faults, "a sentence is faulty");
        }
        sentence
    }

    /// The day of a moment in words, in UTC.
    pub fn day(&self, locale: Locale, at: Moment) -> String {
        let day = Date::of(at);
        let fills = [
            ("day", u32::from(day.day).into()),
            ("month", u32::from(day.month).into()),
            ("year", day.year.to_string().into()),
        ];
        self.say(locale, "picture-date", &fills)
    }

    /// The sentence, and what is wrong with it: a bug, which the tests look for.
    fn worded(
        &self,
        locale: Locale,
        key: &str,
        fills: &[(&str, Fill<'_>)],
    ) -> (String, Vec<String>) {
        let bundle = match locale {
            Locale::En => &self.en,
            Locale::ZhCn => &self.zh_cn,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return (key.to_owned(), vec!["no such key".to_owned()]);
        };
        let mut args = FluentArgs::with_capacity(fills.len());
        for (name, fill) in fills {
            match fill {
                Fill::Text(text) => args.set(*name, text.as_ref()),
                Fill::Count(count) => args.set(*name, *count),
            }
        }
        let mut errors = Vec::new();
        let sentence = bundle.format_pattern(pattern, Some(&args), &mut errors);
        let faults = errors.iter().map(ToString::to_string).collect();
        (sentence.into_owned(), faults)
    }
}

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![locale.identifier()]);
    // The marks around gaps show up as boxes in some of Discord's clients.
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(locale.source().to_owned()).unwrap_or_else(|(good, faults)| {
            tracing::error!(
                locale = locale.tag(),
                ?faults,
                "a language file has unreadable parts"
            );
            good
        });
    if let Err(faults) = bundle.add_resource(resource) {
        tracing::error!(
            locale = locale.tag(),
            ?faults,
            "a language file says something twice"
        );
    }
    bundle
}

#[cfg(test)]
mod tests;
