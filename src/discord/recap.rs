//! A recap as a message, the same on demand and on Mondays: the picture with its description, and its
//! facts in words for who cannot see it. What is in it comes from storage, how it is cut into days from
//! `domain::recap`.

mod telling;

use super::cards::Say;
use super::commands::paging::sheet;
use super::markup::cut;
use super::rest::Upload;
use crate::domain::ids::GuildId;
use crate::domain::recap::Frame;
use crate::i18n::{Fill, Locale, Words};
use crate::share::picture::Fonts;
use crate::share::recap::png;
use crate::storage::{StorageFailure, Store, Whose};
use serde_json::{Value, json};
use telling::Told;

/// Discord's limit for the description of an attachment, in characters.
const ALT_LIMIT: usize = 1_024;
const FILE: &str = "recap.png";

/// What recaps are made with.
#[derive(Clone, Copy, Debug)]
pub struct Studio<'a> {
    pub store: &'a Store,
    pub words: &'a Words,
    pub fonts: &'a Fonts,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) guild: GuildId,
    pub(super) whose: Whose,
    /// Of the guild or the member, as it is.
    pub(super) name: String,
    pub(super) frame: Frame,
    /// The reactions of the guild, from 1 to 5.
    pub(super) signs: [String; 5],
    pub(super) locale: Locale,
}

/// The body of the message with its picture; `None` when nothing happened in that time.
pub(super) async fn message(
    studio: Studio<'_>,
    asked: &Asked,
) -> Result<Option<(Value, Vec<Upload>)>, StorageFailure> {
    let spans = (asked.frame.span(), asked.frame.span_before());
    let recap = studio.store.recap(asked.guild, asked.whose, spans).await?;
    if (recap.sums.plays, recap.sums.own) == (0, 0) {
        return Ok(None);
    }
    let (picture, title, mut lines, alt, foot, sorry) = {
        let say =
            |key: &str, fills: &[(&str, Fill<'_>)]| studio.words.say(asked.locale, key, fills);
        let say: &Say<'_> = &say;
        let told = Told::new(asked, &recap, say);
        (
            told.picture(),
            told.title_in_markup(),
            told.lines(),
            told.alt(),
            say("recap-foot", &[]),
            say("recap-no-picture", &[]),
        )
    };
    let fonts = studio.fonts.clone();
    let drawn = tokio::task::spawn_blocking(move || png(&picture, &fonts)).await;
    let failure = match drawn {
        Ok(Ok(bytes)) => {
            let file = Upload {
                name: FILE.to_owned(),
                bytes: bytes.into(),
            };
            let alt = cut(&alt, ALT_LIMIT);
            // Beside the embed, not in it: only so is the description sure to be read out.
            let body = json!({
                "embeds": [sheet(&title, &lines, Some(foot))],
                "attachments": [{ "id": 0, "filename": FILE, "description": alt }],
            });
            return Ok(Some((body, vec![file])));
        }
        Ok(Err(failure)) => failure.to_string(),
        Err(broken) => broken.to_string(),
    };
    tracing::error!(guild.id = %asked.guild, failure, "a recap could not be drawn");
    lines.insert(0, sorry);
    let body = json!({ "embeds": [sheet(&title, &lines, Some(foot))] });
    Ok(Some((body, Vec::new())))
}
