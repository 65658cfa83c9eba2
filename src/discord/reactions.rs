//! Ratings that come as emoji: reactions under a card and effects in the voice channel. An emoji
//! of the guild's set on a card's message is a rating of that card's turn; all else is not heard.
//!
//! Reactions have no quiet answer, so a refused one is taken away (where the bot may manage
//! messages) and the person is told why in a direct message, at most once a minute.

use super::{SharedDesk, asking, ids, markup};
use crate::domain::ids::{ChannelId, GuildId, MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Actor, Command, Powers, Refusal, Stars, Way};
use crate::domain::view::View;
use crate::stage::StageHandle;
use serde_json::Value;
use serenity::all::{Reaction, ReactionType};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long nobody is told again that a rating was refused.
const WHISPER_PAUSE: Duration = Duration::from_mins(1);
/// Members remembered for that pause before those whose pause is over are forgotten.
const WHISPERS_LIMIT: usize = 1_000;

/// Who was told quietly, and when.
#[derive(Debug, Default)]
pub struct Whispers(Mutex<HashMap<MemberId, Moment>>);

impl Whispers {
    /// Whether the member may be told now; if so, this counts as telling them.
    fn may_tell(&self, member: MemberId, now: Moment) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= WHISPERS_LIMIT {
            told.retain(|_, at| now.since(*at) < WHISPER_PAUSE);
        }
        let lately = told
            .get(&member)
            .is_some_and(|at| now.since(*at) < WHISPER_PAUSE);
        if !lately {
            told.insert(member, now);
        }
        !lately
    }
}

/// A custom emoji's id, or a Unicode emoji without its variation selectors: Discord sends `❤️`
/// with and without them.
fn core_of(emoji: &str) -> String {
    match emoji.rsplit_once(':') {
        Some((_, id)) => id.to_owned(),
        None => emoji
            .chars()
            .filter(|c| !matches!(c, '\u{fe0e}' | '\u{fe0f}'))
            .collect(),
    }
}

/// What an emoji means in a guild whose set, from 1 to 5, is `set`.
fn stars_of(set: &[String; 5], emoji: &str) -> Option<Stars> {
    let emoji = core_of(emoji);
    let place = set.iter().position(|one| core_of(one) == emoji)?;
    Stars::new(u8::try_from(place + 1).ok()?)
}

/// As in the settings: Unicode, or `name:id`.
fn written(emoji: &ReactionType) -> Option<String> {
    match emoji {
        ReactionType::Unicode(text) => Some(text.clone()),
        ReactionType::Custom { id, name, .. } => {
            Some(format!("{}:{id}", name.as_deref().unwrap_or("emoji")))
        }
        _ => None,
    }
}

/// A reaction that is a rating.
struct Vote {
    stage: StageHandle,
    turn: TurnId,
    stars: Stars,
    member: MemberId,
    emoji: String,
    at: (u64, u64),
}

fn vote(desk: &SharedDesk, guild: GuildId, reaction: &Reaction) -> Option<Vote> {
    let member = ids::member(reaction.user_id?);
    if desk.crowd.me() == Some(member) {
        return None;
    }
    let stage = desk.stages.started(guild)?;
    let emoji = written(&reaction.emoji)?;
    let stars = stars_of(&stage.view().settings.emoji, &emoji)?;
    let turn = desk.cards.turn_of(guild, reaction.message_id.get())?;
    Some(Vote {
        stage,
        turn,
        stars,
        member,
        emoji,
        at: (reaction.channel_id.get(), reaction.message_id.get()),
    })
}

/// Somebody reacted to a message.
pub(super) async fn added(desk: &SharedDesk, guild: GuildId, reaction: Reaction) {
    let Some(vote) = vote(desk, guild, &reaction) else {
        return;
    };
    let member = reaction.member.as_ref();
    if member.is_some_and(|it| it.user.bot) {
        return;
    }
    let name = member.map(|it| markup::name(it.display_name()));
    let rate = Command::Rate {
        turn: Some(vote.turn),
        stars: vote.stars,
        way: Way::Reaction,
    };
    let asked = (actor(desk, guild, vote.member, name), rate);
    let (stage, view) = (vote.stage.clone(), vote.stage.view());
    asking::in_order(desk, stage, asked, move |desk, outcome| async move {
        if let Ok(Err(refusal)) = outcome {
            take_away(&desk, &vote).await;
            tell_quietly(&desk, vote.member, (Some(vote.turn), &view), &refusal).await;
        }
    })
    .await;
}

/// Somebody took a reaction back (or it was taken away after a refusal, which changes nothing).
pub(super) async fn removed(desk: &SharedDesk, guild: GuildId, reaction: Reaction) {
    let Some(vote) = vote(desk, guild, &reaction) else {
        return;
    };
    let unrate = Command::Unrate {
        turn: vote.turn,
        stars: vote.stars,
        way: Way::Reaction,
    };
    let asked = (actor(desk, guild, vote.member, None), unrate);
    asking::in_order(desk, vote.stage, asked, |_desk, _outcome| async {}).await;
}

/// Somebody sent an emoji as an effect in a voice channel: it rates what plays there.
pub(super) async fn effect(desk: &SharedDesk, guild: GuildId, value: &Value) {
    let id = |key: &str| value.get(key)?.as_str()?.parse::<u64>().ok();
    let (Some(member), Some(channel)) = (id("user_id"), id("channel_id")) else {
        return;
    };
    let Some(stage) = desk.stages.started(guild) else {
        return;
    };
    let view = stage.view();
    let plays_here = view
        .open
        .as_ref()
        .is_some_and(|open| open.channel == ChannelId(channel) && open.now.is_some());
    let stars = value
        .get("emoji")
        .and_then(effect_emoji)
        .and_then(|emoji| stars_of(&view.settings.emoji, &emoji));
    let (true, Some(stars)) = (plays_here, stars) else {
        return;
    };
    let member = MemberId(member);
    let rate = Command::Rate {
        turn: None,
        stars,
        way: Way::Effect,
    };
    let asked = (actor(desk, guild, member, None), rate);
    asking::in_order(desk, stage, asked, move |desk, outcome| async move {
        if let Ok(Err(refusal)) = outcome {
            tell_quietly(&desk, member, (None, &view), &refusal).await;
        }
    })
    .await;
}

/// An emoji object: `{id, name}`, the id null for Unicode.
fn effect_emoji(emoji: &Value) -> Option<String> {
    let name = emoji.get("name").and_then(Value::as_str);
    match emoji.get("id").and_then(Value::as_str) {
        Some(id) => Some(format!("{}:{id}", name.unwrap_or("emoji"))),
        None => name.map(ToOwned::to_owned),
    }
}

fn actor(desk: &SharedDesk, guild: GuildId, member: MemberId, name: Option<String>) -> Actor {
    let name = name.or_else(|| desk.crowd.name_of(guild, member));
    Actor {
        member,
        name: name.unwrap_or_else(|| member.to_string()),
        voice: desk.crowd.channel_of(guild, member),
        powers: Powers::default(),
    }
}

async fn take_away(desk: &SharedDesk, vote: &Vote) {
    let taken = desk.rest.unreact(vote.at, &vote.emoji, vote.member.0).await;
    if let Err(failure) = taken {
        tracing::debug!(%failure, "a refused reaction stays");
    }
}

async fn tell_quietly(
    desk: &SharedDesk,
    member: MemberId,
    (turn, view): (Option<TurnId>, &View),
    refusal: &Refusal,
) {
    if !desk.whispers.may_tell(member, (desk.clock)()) {
        return;
    }
    let open = view.open.as_ref();
    let plays = open.map(|open| [open.now.as_ref(), open.last.as_ref()]);
    let play = plays
        .into_iter()
        .flatten()
        .flatten()
        .find(|play| turn.is_none_or(|turn| turn == play.turn));
    let language = &view.settings.language;
    let reason = desk.refusal(language, refusal);
    let content = match play {
        Some(play) => {
            let title = markup::plain(&play.track.title);
            let fills = [("title", title.into()), ("reason", reason.into())];
            desk.say(language, "rating-refused", &fills)
        }
        None => desk.say(
            language,
            "rating-refused-late",
            &[("reason", reason.into())],
        ),
    };
    if let Err(failure) = desk.tell(member, &content).await {
        tracing::debug!(%failure, "a refused rating could not be explained");
    }
}

#[cfg(test)]
mod tests {
    use super::{Whispers, effect_emoji, stars_of};
    use crate::domain::ids::MemberId;
    use crate::domain::moment::Moment;
    use crate::domain::protocol::Stars;
    use crate::domain::settings::Settings;
    use serde_json::json;

    fn stars(set: &[String; 5], emoji: &str) -> Option<u8> {
        stars_of(set, emoji).map(Stars::get)
    }

    #[test]
    fn an_emoji_is_known_with_and_without_its_variation_selector() {
        let set = Settings::default().emoji;
        assert_eq!(stars(&set, "\u{2764}\u{fe0f}"), Some(4));
        assert_eq!(stars(&set, "\u{2764}"), Some(4));
        assert_eq!(stars(&set, "👎"), Some(1));
        assert_eq!(stars(&set, "🔥"), Some(5));
        assert_eq!(stars(&set, "🎉"), None);
    }

    #[test]
    fn a_custom_emoji_is_known_by_its_id_whatever_it_is_called_now() {
        let set = ["a:1", "b:2", "c:3", "d:4", "e:5"].map(String::from);
        assert_eq!(stars(&set, "renamed:4"), Some(4));
        assert_eq!(stars(&set, "a:9"), None);
        let custom = json!({ "id": "5", "name": "e" });
        assert_eq!(stars(&set, &effect_emoji(&custom).unwrap()), Some(5));
        let unicode = json!({ "id": null, "name": "🔥" });
        assert_eq!(effect_emoji(&unicode).as_deref(), Some("🔥"));
    }

    #[test]
    fn nobody_is_told_twice_in_a_minute() {
        let whispers = Whispers::default();
        let (ana, bo) = (MemberId(1), MemberId(2));
        assert!(whispers.may_tell(ana, Moment(0)));
        assert!(!whispers.may_tell(ana, Moment(59_999)));
        assert!(whispers.may_tell(bo, Moment(59_999)));
        assert!(whispers.may_tell(ana, Moment(60_000)));
    }
}
