//! Where commands get their tracks: what `audio` can do in the words that `discord` knows. It decides
//! nothing.

use crate::audio::{self, Intake, IntakeFailure, Named, Preparer, Tool};
use crate::discord::music::{Batch, Found, Given, Music, NoTrack, Question, Source, Wish};
use futures_util::FutureExt;
use std::io::ErrorKind;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// From when on a version of yt-dlp is worth a word: sites change, and it has to follow.
const OLD: Duration = Duration::from_hours(90 * 24);

pub(super) fn music(intake: Intake, preparer: Preparer) -> Music {
    let (library, sites, sources) = (intake.clone(), intake.clone(), intake.sources().clone());
    let (tool, server, asked) = (intake.clone(), intake.clone(), intake.clone());
    let (expected, there) = (intake.clone(), (intake.sources().clone(), preparer.clone()));
    Music {
        fetch: Box::new(move |wish| fetch(intake.clone(), wish).boxed()),
        ready: Box::new(move |track, reporter| {
            let (sources, preparer) = (sources.clone(), preparer.clone());
            async move {
                // What is live is received when its turn comes, and what is ready needs no source.
                if track.live || preparer.has(&track.key).await {
                    return Ok(());
                }
                let file = sources.file_for(&track.media, &reporter).await;
                file.map(drop).map_err(no_track)
            }
            .boxed()
        }),
        is_there: Box::new(move |track| {
            let (sources, preparer) = there.clone();
            async move { preparer.has(&track.key).await || sources.has(&track.media).await }.boxed()
        }),
        search: Box::new(move |words, limit| {
            let found = library.search_library(&words, limit);
            let found = found.into_iter().map(|hit| Found {
                source: Source::Library(hit.id),
                title: hit.title,
                artist: hit.artist,
                length: Some(hit.length),
            });
            std::future::ready(found.collect()).boxed()
        }),
        look_ahead: Box::new(move |id| expected.look_ahead(id)),
        search_server: Box::new(move |words, limit| {
            let intake = server.clone();
            async move { search_server(intake, &words, limit).await }.boxed()
        }),
        server: Box::new(move || asked.music_server()),
        search_sites: Box::new(move |question| search_sites(sites.clone(), question).boxed()),
        tool: Box::new(move || {
            let intake = tool.clone();
            async move { intake.tool().await }.boxed()
        }),
    }
}

async fn fetch(intake: Intake, wish: Wish) -> Result<Given, NoTrack> {
    let _pass = intake.enter(wish.guild).await.map_err(no_track)?;
    let reporter = &wish.reporter;
    let one = |track| audio::Given::One(Box::new(track));
    let given = match wish.source {
        Source::File { url, name, size } => {
            let file = (url.as_str(), name.as_str(), size);
            intake.attachment_for(file, reporter).await.map(one)
        }
        Source::Link(link) => intake.from_address(&link, reporter).await,
        Source::Library(id) => intake.from_library(&id).await.map(one),
        Source::Server(id) => intake.from_server(&id).await.map(one),
        Source::Token(token) => intake.from_token(&token, reporter).await,
        Source::Name {
            title,
            artist,
            length,
        } => {
            let named = Named {
                title,
                artist,
                length,
            };
            let found = intake.from_name(&named).await.map_err(no_track)?;
            return match found {
                Some(track) => Ok(Given::One(Box::new(track))),
                None => Err(NoTrack::Nowhere),
            };
        }
    };
    Ok(match given.map_err(no_track)? {
        audio::Given::One(track) => Given::One(track),
        audio::Given::Instead { service, track } => Given::Instead {
            service: service.name(),
            track,
        },
        audio::Given::Many {
            title,
            tracks,
            refused,
            count,
        } => Given::Many(Batch {
            title,
            tracks,
            refused: refused
                .into_iter()
                .map(|(title, failure)| (title, no_track(failure)))
                .collect(),
            count,
        }),
    })
}

async fn search_server(intake: Intake, words: &str, limit: usize) -> Vec<Found> {
    let songs = intake.search_server(words, limit).await;
    let found = songs.into_iter().map(|song| Found {
        source: Source::Server(song.id),
        title: song.title,
        artist: song.artist,
        length: song.length,
    });
    found.collect()
}

async fn search_sites(intake: Intake, question: Question) -> Result<Vec<Found>, NoTrack> {
    /// Discord's limit for the value of a choice, in characters.
    const VALUE_LIMIT: usize = 100;
    let typist = question.typist.map(|member| member.0);
    let hits = intake
        .search_sites(&question.words, typist, question.within)
        .await
        .map_err(no_track)?;
    let found = hits.into_iter().map(|hit| Found {
        source: if hit.link.chars().count() > VALUE_LIMIT {
            Source::Token(hit.token)
        } else {
            Source::Link(hit.link)
        },
        title: hit.title,
        artist: hit.artist,
        length: hit.length,
    });
    Ok(found.collect())
}

fn no_track(failure: IntakeFailure) -> NoTrack {
    match failure {
        IntakeFailure::NotFound => NoTrack::NotFound,
        IntakeFailure::Unreachable(_) => NoTrack::Unreachable,
        IntakeFailure::NotAllowed => NoTrack::NotAllowed,
        IntakeFailure::TooLarge { limit } => NoTrack::TooLarge { limit },
        IntakeFailure::TooLong { limit } => NoTrack::TooLong { limit },
        IntakeFailure::Protected => NoTrack::Protected,
        IntakeFailure::SourceRefuses => NoTrack::SourceRefuses,
        IntakeFailure::NotSound => NoTrack::NotSound,
        IntakeFailure::NotATrack => NoTrack::NotATrack,
        IntakeFailure::NotElsewhere { service, named } => NoTrack::NotElsewhere {
            service: service.name(),
            title: named.title,
            artist: named.artist,
        },
        IntakeFailure::Broken => NoTrack::Broken,
        IntakeFailure::Empty => NoTrack::Empty,
        IntakeFailure::Busy => NoTrack::Busy,
        IntakeFailure::NotSetUp => NoTrack::NotSetUp,
        IntakeFailure::SourceDown => NoTrack::SourceDown,
        IntakeFailure::Live => NoTrack::Live,
        IntakeFailure::NoRoom => NoTrack::NoRoom,
        IntakeFailure::Disk(error) if error.kind() == ErrorKind::StorageFull => NoTrack::NoRoom,
        failure @ IntakeFailure::Disk(_) => NoTrack::Failure(Box::new(failure)),
    }
}

/// Says once in the log what sites are asked with.
pub(super) async fn tell_of_tool(intake: Intake, stop: CancellationToken) {
    let tool = tokio::select! {
        tool = intake.tool() => tool,
        () = stop.cancelled() => return,
    };
    match tool {
        Tool::Off => {}
        Tool::Absent => tracing::info!("there is no yt-dlp: links to sites are not played"),
        Tool::Broken => tracing::warn!("yt-dlp does not run: links to sites are not played"),
        Tool::Works { version, age } => {
            let old = age.is_some_and(|age| age > OLD);
            tracing::info!(version, old, "sites are asked with yt-dlp");
        }
    }
}
