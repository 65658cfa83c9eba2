//! `/scrobble playlist`: a session as a playlist of the caller's at `ListenBrainz`, with what it does
//! not know named. Sent a second time it is the same playlist, brought up to date.

use super::super::super::markup::plain_cut;
use super::super::call::{Answer, Call, Outcome, Trouble};
use super::super::definition::Part;
use super::super::options::Options;
use super::{say, trouble};
use crate::domain::ids::SessionId;
use crate::domain::scrobbling::Service;
use crate::domain::track::Track;
use crate::scrobble::{NewPlaylist, Piece, ScrobbleFailure, Token, Touched, playlist_page};
use crate::storage::{BrokenWhy, PlaySummary, SentPlaylist, SessionSummary};

/// Most songs that are looked up, and most that are named as not found.
const SONGS_LIMIT: usize = 500;
const NAMED_LIMIT: usize = 15;
const TITLE_LIMIT: usize = 80;
const VISIBLE: [(&str, &str); 2] = [
    ("scrobble-visible-me", "me"),
    ("scrobble-visible-everyone", "everyone"),
];

pub(super) fn definition() -> Part {
    Part::sub("playlist")
        .with(Part::number("number", 1, u32::MAX).suggested())
        .with(Part::choice("visible", &VISIBLE))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let service = Service::ListenBrainz;
    let (token, account) = token(call).await?;
    let scrobbling = &call.desk.scrobbling;
    let sending = scrobbling.send(call.visit.member);
    let _sending = sending.ok_or_else(|| call.wrong("scrobble-playlist-sending", &[]))?;
    let session = session(call, options.number("number").map(SessionId)).await?;
    let store = &call.desk.store;
    let mut plays = store
        .session_playlist(call.guild(), session.session)
        .await?;
    plays.retain(|it| !it.play.track.live);
    plays.truncate(SONGS_LIMIT);
    if plays.is_empty() {
        return Err(call.wrong("playlist-empty", &[]));
    }
    let (named, mut missing): (Vec<&PlaySummary>, Vec<&PlaySummary>) =
        plays.iter().partition(|it| it.play.track.artist.is_some());
    let pieces: Vec<Piece> = named
        .iter()
        .filter_map(|it| piece(&it.play.track))
        .collect();
    let found = scrobbling.listenbrainz.recordings(&token, &pieces).await;
    let found = match found {
        Ok(found) => found,
        Err(failure) => return Err(failed(call, &failure).await),
    };
    let mut recordings = Vec::new();
    for (play, id) in named.into_iter().zip(found) {
        match id {
            Some(id) => recordings.push(id),
            None => missing.push(play),
        }
    }
    if recordings.is_empty() {
        return Err(Trouble::Said(say(call, "scrobble-playlist-none", service)));
    }
    let playlist = NewPlaylist {
        title: title(call, &session),
        about: call.say("scrobble-playlist-about", &[("guild", guild(call).into())]),
        is_public: options.text("visible").map(|who| who == "everyone"),
        recordings,
    };
    let mut lines = send(call, (&token, account), (session.session, &playlist)).await?;
    lines.extend(unfound(call, &missing));
    Ok(Answer::quiet(&lines.join("\n")))
}

/// Sends it, to where it was sent before if it was; what is to be said of it.
async fn send(
    call: &Call,
    (token, account): (&Token, String),
    (session, playlist): (SessionId, &NewPlaylist),
) -> Result<Vec<String>, Trouble> {
    let (desk, member) = (&call.desk, call.visit.member);
    let listenbrainz = &desk.scrobbling.listenbrainz;
    let place = (call.guild(), session);
    let before = desk.store.sent_playlist(member, &account, place).await?;
    if let Some(mbid) = before {
        let touched = listenbrainz.bring_up_to_date(token, &mbid, playlist).await;
        match touched {
            Ok(Some(touched)) => return Ok(told_again(call, (&mbid, touched), playlist)),
            // They have deleted it there.
            Ok(None) => {}
            Err(failure) => return Err(failed(call, &failure).await),
        }
    }
    let mbid = match listenbrainz.create(token, playlist).await {
        Ok(mbid) => mbid,
        Err(failure) => return Err(failed(call, &failure).await),
    };
    let page = ("page", playlist_page(&mbid).into());
    let (made_at, guild) = ((desk.clock)(), call.guild());
    let sent = SentPlaylist {
        member,
        account,
        guild,
        session,
        mbid,
        made_at,
    };
    desk.store.keep_sent_playlist(&sent).await?;
    let count = ("count", playlist.recordings.len().into());
    Ok(vec![call.say("scrobble-playlist-made", &[count, page])])
}

/// What has become of a playlist that was there.
fn told_again(
    call: &Call,
    (mbid, touched): (&str, Touched),
    playlist: &NewPlaylist,
) -> Vec<String> {
    let facts = [
        ("added", touched.added.into()),
        ("page", playlist_page(mbid).into()),
    ];
    let mut lines = vec![call.say("scrobble-playlist-again", &facts)];
    if touched.is_shown_otherwise {
        let key = match playlist.is_public {
            Some(true) => "scrobble-playlist-shown",
            _ => "scrobble-playlist-hidden",
        };
        lines.push(call.say(key, &[]));
    }
    lines
}

/// The caller's token, if there is one that works, and their account's name.
async fn token(call: &Call) -> Result<(Token, String), Trouble> {
    let (service, member) = (Service::ListenBrainz, call.visit.member);
    let wrong = |key| Trouble::Said(say(call, key, service));
    let link = call.desk.store.scrobble_link(member, service).await?;
    let link = link.ok_or_else(|| wrong("scrobble-not-linked"))?;
    if link.broken.is_some() {
        return Err(wrong("scrobble-revoked"));
    }
    let scrobbling = &call.desk.scrobbling;
    match scrobbling.open(&link.token, (member, service)) {
        Some(Ok(token)) => Ok((token, link.account)),
        Some(Err(_)) => {
            let at = (call.desk.clock)();
            let store = &call.desk.store;
            store
                .break_scrobble_link(&link, (BrokenWhy::Key, at))
                .await?;
            Err(wrong("scrobble-status-key"))
        }
        None => Err(call.wrong("scrobble-no-key", &[])),
    }
}

/// What went wrong; a token that is not taken breaks the link.
async fn failed(call: &Call, failure: &ScrobbleFailure) -> Trouble {
    let (service, member) = (Service::ListenBrainz, call.visit.member);
    if *failure == ScrobbleFailure::Unauthorized {
        let (store, at) = (&call.desk.store, (call.desk.clock)());
        match store.scrobble_link(member, service).await {
            Ok(Some(link)) => {
                let broken = (BrokenWhy::Revoked, at);
                if let Err(failure) = store.break_scrobble_link(&link, broken).await {
                    return failure.into();
                }
            }
            Ok(None) => {}
            Err(failure) => return failure.into(),
        }
    }
    trouble(call, service, failure)
}

async fn session(call: &Call, number: Option<SessionId>) -> Result<SessionSummary, Trouble> {
    let store = &call.desk.store;
    let Some(number) = number else {
        let latest = store.sessions(call.guild(), None, 1).await?;
        let latest = latest.into_iter().next();
        return latest.ok_or_else(|| call.wrong("playlist-none", &[]));
    };
    let known = store.session(call.guild(), number).await?;
    known.ok_or_else(|| call.wrong("playlist-unknown", &[("number", number.to_string().into())]))
}

/// Nothing is escaped: it is no message.
fn title(call: &Call, session: &SessionSummary) -> String {
    let number = ("number", session.session.to_string().into());
    match &session.theme {
        Some(theme) => call.say("playlist-name-theme", &[number, ("theme", theme.into())]),
        None => call.say("playlist-name", &[number]),
    }
}

fn guild(call: &Call) -> String {
    call.desk.crowd.guild_name(call.guild()).unwrap_or_default()
}

fn piece(track: &Track) -> Option<Piece> {
    Some(Piece {
        artist: track.artist.clone()?,
        title: track.title.clone(),
        album: track.album.clone(),
    })
}

/// What is not in the playlist, as many as there is room for.
fn unfound(call: &Call, missing: &[&PlaySummary]) -> Vec<String> {
    if missing.is_empty() {
        return Vec::new();
    }
    let count = ("count", missing.len().into());
    let mut lines = vec![call.say("scrobble-playlist-missing", &[count])];
    let names = missing.iter().take(NAMED_LIMIT).map(|it| {
        let track = &it.play.track;
        let artist = track.artist.as_deref().unwrap_or_default();
        let artist = plain_cut(artist, TITLE_LIMIT);
        let title = plain_cut(&track.title, TITLE_LIMIT);
        if artist.is_empty() {
            format!("- {title}")
        } else {
            format!("- {title} · {artist}")
        }
    });
    lines.extend(names);
    if missing.len() > NAMED_LIMIT {
        let more = ("count", (missing.len() - NAMED_LIMIT).into());
        lines.push(call.say("playlist-more", &[more]));
    }
    lines
}
