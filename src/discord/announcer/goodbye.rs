//! The end of a session: its playlist as a message with files to take away.

use super::super::cards::{self, Ranked};
use super::super::links;
use super::super::rest::Upload;
use super::board::Board;
use crate::domain::ids::{GuildId, MemberId, SessionId};
use crate::domain::moment::Moment;
use crate::domain::protocol::CloseReason;
use crate::domain::view::View;
use crate::i18n::Fill;
use crate::share;
use crate::storage::{PlaySummary, StorageFailure, Store};

/// The session as it is kept: what it was called and what was played, in order.
#[derive(Debug, Default)]
struct Evening {
    theme: Option<String>,
    host: Option<MemberId>,
    plays: Vec<PlaySummary>,
}

impl Evening {
    async fn read(
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
        })
    }

    fn ranked(&self) -> Vec<Ranked> {
        let plays = self.plays.iter();
        plays
            .map(|it| Ranked {
                title: it.play.track.title.clone(),
                artist: it.play.track.artist.clone(),
                looper: it.play.looper_name.clone(),
                mean: it.tally.mean(),
                ratings: it.tally.count,
            })
            .collect()
    }

    fn playlist(
        &self,
        session: SessionId,
        (guild, now): (String, Moment),
        say: &cards::Say<'_>,
    ) -> share::Playlist {
        let number = session.to_string();
        let title = [("session", number.into()), ("guild", guild.as_str().into())];
        share::Playlist {
            title: say("playlist-file-title", &title),
            date: self.plays.first().map_or(now, |it| it.play.began_at),
            tracks: self.plays.iter().map(|it| item(it, say)).collect(),
            creator: guild,
        }
    }
}

fn item(kept: &PlaySummary, say: &cards::Say<'_>) -> share::Item {
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
    share::Item::of(&kept.play.track, Some(say("playlist-file-note", &fills)))
}

impl Board {
    pub(super) async fn goodbye(&mut self, session: SessionId, why: CloseReason, view: &View) {
        let evening = Evening::read(&self.desk.store, self.guild, session).await;
        let evening = evening.unwrap_or_else(|failure| {
            tracing::error!(guild.id = %self.guild, %failure, "the session cannot be read");
            Evening::default()
        });
        let link = self.link(session, &evening).await;
        let (body, files) = {
            let (desk, language) = (&self.desk, &view.settings.language);
            let say = |key: &str, fills: &[(&str, Fill<'_>)]| desk.say(language, key, fills);
            let tracks = evening.ranked();
            let mut body = cards::playlist(session, evening.theme.as_deref(), (why, &tracks), &say);
            if let Some(link) = link {
                links::put(&mut body, &say("goodbye-link", &[("link", link.into())]));
            }
            let guild = desk.crowd.guild_name(self.guild).unwrap_or_default();
            let playlist = evening.playlist(session, (guild, (desk.clock)()), &say);
            (body, files(session, &playlist))
        };
        self.say(&body, files).await;
    }

    /// Where the evening is found on the web; nowhere if nothing was played.
    async fn link(&self, session: SessionId, evening: &Evening) -> Option<String> {
        let host = evening.host.filter(|_| !evening.plays.is_empty())?;
        let subject = links::of_session(self.guild, session);
        let link = self.desk.link_for(subject, host).await;
        link.unwrap_or_else(|failure| {
            tracing::error!(guild.id = %self.guild, %failure, "the playlist has no page");
            None
        })
    }
}

/// Both files, unless nothing was played.
fn files(session: SessionId, playlist: &share::Playlist) -> Vec<Upload> {
    if playlist.tracks.is_empty() {
        return Vec::new();
    }
    let file = |ending: &str, text: String| Upload {
        name: format!("rondo-session-{session}.{ending}"),
        bytes: text.into(),
    };
    vec![
        file("xspf", share::xspf(playlist)),
        file("m3u8", share::m3u8(playlist)),
    ]
}
