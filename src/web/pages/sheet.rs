//! What stands on the page of a playlist or a collection, read from what is kept. Names that are
//! hidden are replaced here, and links that not everybody may have left out, so that nothing made of a
//! sheet (page, files, picture, preview) can show them.

use super::super::Web;
use super::super::answer::Asked;
use super::super::language::Speech;
use super::super::notice::Absence;
use crate::domain::ids::{GuildId, MemberId, SessionId};
use crate::domain::leaderboard::Tally;
use crate::domain::moment::Moment;
use crate::domain::track::Track;
use crate::i18n::Locale;
use crate::storage::{CommentRow, Page, PageKind, PageToken, PlaySummary, PublishedCollection};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Songs that a page shows; an evening has some dozens.
const SONGS_LIMIT: usize = 500;
/// Comments that are shown of a song.
const COMMENTS_LIMIT: u32 = 100;

/// A page's content in one language.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Sheet {
    pub(in crate::web) page: Page,
    pub(in crate::web) locale: Locale,
    /// Empty while it is not known.
    pub(in crate::web) guild: String,
    /// The theme, the collection's name, or the session's number in words.
    pub(in crate::web) title: String,
    pub(in crate::web) description: Option<String>,
    /// Who curates the collection.
    pub(in crate::web) curator: Option<Person>,
    pub(in crate::web) at: Moment,
    /// The session has not ended yet.
    pub(in crate::web) is_on: bool,
    /// How many heard a song of the session, or saved the collection.
    pub(in crate::web) friends: u32,
    pub(in crate::web) songs: Vec<Song>,
    /// Songs beyond the limit.
    pub(in crate::web) left_out: usize,
}

/// Somebody, as far as the page may say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::web) struct Person {
    /// `None` for a name that is hidden.
    pub(in crate::web) id: Option<MemberId>,
    pub(in crate::web) name: String,
}

/// One track with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Song {
    /// The turn, or the place in the collection.
    pub(in crate::web) number: u64,
    pub(in crate::web) track: Track,
    pub(in crate::web) looper: Option<Person>,
    pub(in crate::web) tally: Tally,
    pub(in crate::web) grabs: u32,
    pub(in crate::web) heard: u32,
    pub(in crate::web) comments: Vec<Said>,
    /// Comments beyond the limit.
    pub(in crate::web) unsaid: u32,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Said {
    pub(in crate::web) at: Duration,
    pub(in crate::web) by: String,
    pub(in crate::web) words: String,
}

/// Says what people are called on this page.
struct Names {
    hidden: HashSet<MemberId>,
    somebody: String,
}

impl Names {
    fn of(&self, member: MemberId, name: &str) -> Person {
        if self.hidden.contains(&member) || name.trim().is_empty() {
            return Person {
                id: None,
                name: self.somebody.clone(),
            };
        }
        Person {
            id: Some(member),
            name: name.to_owned(),
        }
    }
}

/// The track with no link but one that everybody may have.
fn published(web: &Web, track: Track) -> Track {
    let link = web.publishing.link(&track).map(str::to_owned);
    Track { link, ..track }
}

/// What an address leads to, unless it was withdrawn.
pub(in crate::web) async fn standing(web: &Web, token: &str) -> Result<Page, Absence> {
    let token = PageToken::read(token).ok_or(Absence::NotThere)?;
    let page = web.store.page(&token).await?.ok_or(Absence::NotThere)?;
    match page.withdrawn {
        Some(_) => Err(Absence::Withdrawn),
        None => Ok(page),
    }
}

impl Sheet {
    pub(in crate::web) async fn read(
        web: &Web,
        asked: &Asked,
        token: &str,
    ) -> Result<Sheet, Absence> {
        let page = standing(web, token).await?;
        let guild = page.subject.guild;
        let settings = web.store.settings(guild).await?;
        let locale = asked.locale(Locale::of(&settings.language));
        let speech = Speech {
            words: &web.words,
            locale,
        };
        let names = Names {
            hidden: web.store.hidden_names(guild).await?,
            somebody: speech.say("page-somebody"),
        };
        match page.subject.kind {
            PageKind::Session => of_session(web, page, speech, &names).await,
            PageKind::Collection => of_collection(web, page, speech, &names).await,
            PageKind::Live => Err(Absence::NotThere),
        }
    }

    /// Rated songs, the best first: by mean, of equal ones the one rated by more, then the earlier.
    pub(in crate::web) fn ranked(&self) -> Vec<&Song> {
        let mut rated: Vec<&Song> = self.songs.iter().filter(|it| it.tally.count > 0).collect();
        rated.sort_by(|a, b| {
            let mean = |song: &Song| song.tally.mean().unwrap_or_default();
            mean(b)
                .total_cmp(&mean(a))
                .then(b.tally.count.cmp(&a.tally.count))
        });
        rated
    }

    /// Who played, in the order of their first songs, with how many they played. Hidden ones are one.
    pub(in crate::web) fn loopers(&self) -> Vec<(&Person, usize)> {
        let mut all: Vec<(&Person, usize)> = Vec::new();
        for looper in self.songs.iter().filter_map(|song| song.looper.as_ref()) {
            match all.iter_mut().find(|(known, _)| known.id == looper.id) {
                Some((_, songs)) => *songs += 1,
                None => all.push((looper, 1)),
            }
        }
        all
    }

    /// How long all songs are together.
    pub(in crate::web) fn length(&self) -> Duration {
        self.songs.iter().map(|song| song.track.length).sum()
    }
}

async fn of_session(
    web: &Web,
    page: Page,
    speech: Speech<'_>,
    names: &Names,
) -> Result<Sheet, Absence> {
    let (guild, session) = (page.subject.guild, SessionId(page.subject.number));
    let known = web
        .store
        .session(guild, session)
        .await?
        .ok_or(Absence::NotThere)?;
    let mut plays = web.store.session_playlist(guild, session).await?;
    plays.retain(|it| !it.play.played.is_zero());
    let left_out = plays.len().saturating_sub(SONGS_LIMIT);
    plays.truncate(SONGS_LIMIT);
    let comments = web
        .store
        .session_comments(guild, session, COMMENTS_LIMIT)
        .await?;
    let mut said: HashMap<u64, Vec<CommentRow>> = HashMap::new();
    for comment in comments {
        said.entry(comment.turn.0).or_default().push(comment);
    }
    let songs = plays.into_iter().map(|play| {
        let comments = said.remove(&play.play.turn.0).unwrap_or_default();
        played(web, play, comments, names)
    });
    let number = ("session", session.to_string().into());
    Ok(Sheet {
        locale: speech.locale,
        guild: guild_name(web, guild),
        title: known
            .theme
            .unwrap_or_else(|| speech.fill("playlist-title", &[number])),
        description: None,
        curator: None,
        at: known.opened_at,
        is_on: known.closed_at.is_none(),
        friends: web.store.session_listeners(guild, session).await?,
        songs: songs.collect(),
        left_out,
        page,
    })
}

fn played(web: &Web, play: PlaySummary, comments: Vec<CommentRow>, names: &Names) -> Song {
    let shown = u32::try_from(comments.len()).unwrap_or(u32::MAX);
    Song {
        number: play.play.turn.0,
        looper: Some(names.of(play.play.looper, &play.play.looper_name)),
        track: published(web, play.play.track),
        tally: play.tally,
        grabs: play.grabs,
        heard: play.heard,
        unsaid: play.comments.saturating_sub(shown),
        comments: comments
            .into_iter()
            .map(|it| Said {
                at: it.offset,
                by: names.of(it.member, &it.member_name).name,
                words: it.words,
            })
            .collect(),
    }
}

async fn of_collection(
    web: &Web,
    page: Page,
    speech: Speech<'_>,
    names: &Names,
) -> Result<Sheet, Absence> {
    let guild = page.subject.guild;
    let limit = u32::try_from(SONGS_LIMIT).unwrap_or(u32::MAX);
    let number = page.subject.number;
    let known = web.store.published_collection(guild, number, limit).await?;
    let PublishedCollection {
        member,
        member_name,
        name,
        description,
        changed_at,
        saves,
        tracks,
        ..
    } = known.ok_or(Absence::NotThere)?;
    let songs = tracks.into_iter().map(|(place, track)| Song {
        number: place,
        track: published(web, track),
        looper: None,
        tally: Tally::default(),
        grabs: 0,
        heard: 0,
        comments: Vec::new(),
        unsaid: 0,
    });
    Ok(Sheet {
        locale: speech.locale,
        guild: guild_name(web, guild),
        title: name,
        description,
        curator: Some(names.of(member, &member_name)),
        at: changed_at,
        is_on: false,
        friends: saves,
        songs: songs.collect(),
        left_out: 0,
        page,
    })
}

fn guild_name(web: &Web, guild: GuildId) -> String {
    (web.guild_name)(guild).unwrap_or_default()
}
