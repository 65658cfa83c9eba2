//! An evening as its goodbye tells it: what was played, what was liked best, who played and how many
//! listened; as a list, as a playlist to take away and as a card. Pictures are drawn by `share`.

use super::super::{Desk, SharedDesk, cards, markup};
use crate::domain::ids::{GuildId, MemberId, SessionId};
use crate::domain::moment::Moment;
use crate::domain::publishing::Publishing;
use crate::i18n::{Fill, Locale};
use crate::share;
use crate::share::card::{Card, LOOPERS, Looper, SONGS, Score, Song};
use crate::storage::{PlaySummary, StorageFailure, Store};
use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

/// How long the pictures of all loopers may take, and the drawing; the goodbye waits for both.
const AVATARS_WITHIN: Duration = Duration::from_secs(4);
const DRAWN_WITHIN: Duration = Duration::from_secs(20);

/// The session as it is kept: what it was called and what was played, in order.
#[derive(Debug, Default)]
pub(super) struct Evening {
    pub(super) theme: Option<String>,
    host: Option<MemberId>,
    plays: Vec<PlaySummary>,
    /// How many heard something of it.
    listeners: u32,
}

impl Evening {
    pub(super) async fn read(
        store: &Store,
        guild: GuildId,
        session: SessionId,
    ) -> Result<Evening, StorageFailure> {
        let known = store.session(guild, session).await?;
        let mut plays = store.session_playlist(guild, session).await?;
        plays.retain(|it| !it.play.played.is_zero());
        Ok(Evening {
            host: known.as_ref().map(|session| session.host),
            theme: known.and_then(|session| session.theme),
            plays,
            listeners: store.session_listeners(guild, session).await?,
        })
    }

    /// Whose evening it was, if anything was played.
    pub(super) fn host_of_songs(&self) -> Option<MemberId> {
        self.host.filter(|_| !self.plays.is_empty())
    }

    pub(super) fn ranked(&self) -> Vec<cards::Ranked> {
        let plays = self.plays.iter();
        plays
            .map(|it| cards::Ranked {
                title: it.play.track.title.clone(),
                artist: it.play.track.artist.clone(),
                looper: it.play.looper_name.clone(),
                mean: it.tally.mean(),
                ratings: it.tally.count,
            })
            .collect()
    }

    pub(super) fn playlist(
        &self,
        session: SessionId,
        (guild, now): (String, Moment),
        publishing: &Publishing,
        say: &cards::Say<'_>,
    ) -> share::Playlist {
        let number = session.to_string();
        let title = [("session", number.into()), ("guild", guild.as_str().into())];
        share::Playlist {
            title: say("playlist-file-title", &title),
            date: self.plays.first().map_or(now, |it| it.play.began_at),
            tracks: self
                .plays
                .iter()
                .map(|it| item(it, publishing, say))
                .collect(),
            creator: guild,
        }
    }

    /// Those whose songs were rated best, of equal ones that rated by more; if nothing was rated, the
    /// first. Each track once.
    fn best(&self) -> (Vec<&PlaySummary>, bool) {
        let mut rated: Vec<&PlaySummary> =
            self.plays.iter().filter(|it| it.tally.count > 0).collect();
        let mean = |it: &PlaySummary| it.tally.mean().unwrap_or_default();
        rated.sort_by(|a, b| {
            mean(b)
                .total_cmp(&mean(a))
                .then(b.tally.count.cmp(&a.tally.count))
        });
        let is_rated = !rated.is_empty();
        let all = if is_rated {
            rated
        } else {
            self.plays.iter().collect()
        };
        let mut best: Vec<&PlaySummary> = Vec::new();
        for play in all {
            let is_new = |it: &&PlaySummary| it.play.track.key != play.play.track.key;
            if best.len() < SONGS && best.iter().all(is_new) {
                best.push(play);
            }
        }
        (best, is_rated)
    }

    /// Who played, those with the most songs first, of equal ones those who came first.
    fn loopers(&self) -> Vec<(MemberId, &str)> {
        let mut loopers: Vec<(MemberId, &str, u32)> = Vec::new();
        let of_somebody = |it: &&PlaySummary| it.play.looper != MemberId::NOBODY;
        for it in self.plays.iter().filter(of_somebody) {
            match loopers.iter_mut().find(|(id, ..)| *id == it.play.looper) {
                Some((_, _, count)) => *count += 1,
                None => loopers.push((it.play.looper, &it.play.looper_name, 1)),
            }
        }
        loopers.sort_by_key(|(_, _, count)| Reverse(*count));
        loopers
            .into_iter()
            .map(|(id, name, _)| (id, name))
            .collect()
    }
}

fn item(kept: &PlaySummary, publishing: &Publishing, say: &cards::Say<'_>) -> share::Item {
    let score = match kept.tally.mean() {
        Some(mean) => {
            let mean = format!("{mean:.1}").into();
            let count = kept.tally.count.into();
            say("card-score", &[("mean", mean), ("count", count)])
        }
        None => say("result-unrated", &[]),
    };
    let fills = [
        ("looper", kept.play.looper_name.as_str().into()),
        ("score", score.into()),
    ];
    let track = &kept.play.track;
    let note = say("playlist-file-note", &fills);
    share::Item::of(track, publishing.link(track), Some(note))
}

/// The evening's card as a PNG file; `None` when nothing was played or it could not be drawn.
pub(super) async fn card(
    desk: &SharedDesk,
    (guild, session): (GuildId, SessionId),
    evening: &Evening,
    language: &str,
) -> Option<Bytes> {
    if evening.plays.is_empty() {
        return None;
    }
    let mut card = worded(desk, (guild, session), evening, language);
    let (best, _) = evening.best();
    for (song, play) in card.songs.iter_mut().zip(best) {
        if let Some(name) = &play.play.track.cover {
            song.cover = desk.cover(name).await.map(Bytes::into);
        }
    }
    let avatars = tokio::time::timeout(AVATARS_WITHIN, avatars(desk, guild, &card)).await;
    for (looper, avatar) in card.loopers.iter_mut().zip(avatars.unwrap_or_default()) {
        looper.avatar = avatar.map(Bytes::into);
    }
    draw(desk, guild, card).await
}

/// The pictures of the loopers that are shown, asked for at once.
async fn avatars(desk: &SharedDesk, guild: GuildId, card: &Card) -> Vec<Option<Bytes>> {
    let loopers = card.loopers.iter().take(LOOPERS);
    let asked: Vec<BoxFuture<'_, _>> = loopers
        .map(|looper| desk.rest.avatar(guild.0, looper.id).boxed())
        .collect();
    let answered = futures_util::future::join_all(asked).await.into_iter();
    let avatars = answered.map(|avatar| {
        avatar.unwrap_or_else(|failure| {
            tracing::debug!(guild.id = %guild, %failure, "a looper without picture");
            None
        })
    });
    avatars.collect()
}

async fn draw(desk: &SharedDesk, guild: GuildId, card: Card) -> Option<Bytes> {
    let fonts = desk.fonts.clone();
    let began_at = (desk.clock)();
    let drawing = desk
        .tasks
        .spawn_blocking(move || share::card::png(&card, &fonts));
    let drawn = match tokio::time::timeout(DRAWN_WITHIN, drawing).await {
        Ok(Ok(drawn)) => drawn,
        Ok(Err(error)) => {
            tracing::error!(guild.id = %guild, %error, "the drawing of a card broke off");
            return None;
        }
        Err(_) => {
            tracing::warn!(guild.id = %guild, "a card was not drawn in time");
            return None;
        }
    };
    let drawn = drawn.inspect_err(|failure| {
        tracing::error!(guild.id = %guild, %failure, "a card could not be drawn");
    });
    let png = drawn.ok()?;
    let took_ms = (desk.clock)().0 - began_at.0;
    tracing::info!(guild.id = %guild, took_ms, bytes = png.len(), "a card was drawn");
    Some(png.into())
}

/// The card without its pictures.
fn worded(
    desk: &Arc<Desk>,
    (guild, session): (GuildId, SessionId),
    evening: &Evening,
    language: &str,
) -> Card {
    let say = |key: &str, fills: &[(&str, Fill<'_>)]| desk.say(language, key, fills);
    let number = [("session", session.to_string().into())];
    let began_at = evening
        .plays
        .first()
        .map_or(Moment(0), |it| it.play.began_at);
    let (best, is_rated) = evening.best();
    let songs = best.into_iter().map(|it| {
        let looper = [("looper", it.play.looper_name.as_str().into())];
        Song {
            title: it.play.track.title.clone(),
            artist: it.play.track.artist.clone(),
            played_by: Some(say("picture-played-by", &looper)),
            score: it.tally.mean().map(|mean| Score {
                mean: format!("{mean:.1}"),
                ratings: say("picture-ratings", &[("count", it.tally.count.into())]),
            }),
            cover: None,
        }
    });
    let looper = |(id, name): (MemberId, &str)| Looper {
        id: id.0,
        name: name.to_owned(),
        avatar: None,
    };
    let theme = evening
        .theme
        .clone()
        .filter(|theme| !theme.trim().is_empty());
    let count = evening.plays.len();
    Card {
        title: theme.unwrap_or_else(|| say("playlist-title", &number)),
        place: desk.crowd.guild_name(guild).unwrap_or_default(),
        date: desk.words.day(Locale::of(language), began_at),
        facts: vec![
            say("playlist-songs", &[("count", count.into())]),
            say("picture-listeners", &[("count", evening.listeners.into())]),
        ],
        songs_heading: say(
            if is_rated {
                "picture-best"
            } else {
                "picture-played"
            },
            &[],
        ),
        songs: songs.collect(),
        loopers_heading: say("picture-loopers", &[]),
        loopers: evening.loopers().into_iter().map(looper).collect(),
    }
}

/// What the card shows, in words, for those who cannot see it.
pub(super) fn described(evening: &Evening, say: &cards::Say<'_>) -> String {
    let (best, _) = evening.best();
    let titles = best.iter().map(|it| it.play.track.title.as_str());
    let loopers = evening.loopers();
    let names = loopers.iter().take(LOOPERS).map(|(_, name)| *name);
    let join = |parts: &mut dyn Iterator<Item = &str>| parts.collect::<Vec<_>>().join(", ");
    let fills = [
        ("songs", join(&mut titles.into_iter()).into()),
        ("loopers", join(&mut names.into_iter()).into()),
    ];
    markup::cut(&say("picture-words", &fills), DESCRIPTION_LIMIT)
}

/// Discord's limit for the description of an attachment, in characters.
const DESCRIPTION_LIMIT: usize = 1_024;
