//! `/playlist import`: a playlist file becomes a setlist, or a collection, again. Each track is looked for as its file
//! names it (in `looking`). Finding is apart from adding, which goes the way of a list given to `/play`,
//! opening the stage and taking a seat like it.

mod looking;

use super::super::super::music::Batch;
use super::super::super::rest::Upload;
use super::super::call::{Answer, Call, Outcome, Trouble};
use super::super::collection;
use super::super::options::Options;
use super::super::play::adding;
use super::super::room;
use crate::domain::protocol::Place;
use crate::share::{self, NotAPlaylist};

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let Some(file) = options.file("file") else {
        return Err(call.wrong("import-no-file", &[]));
    };
    let into = match options.text("collection") {
        Some(text) => Some(collection::own(call, text).await?),
        None => None,
    };
    if into.is_none() {
        room::check(call)?;
    }
    // Each has dozens of files fetched, and its answer is waited for.
    let Some(_importing) = call.desk.reception.begins_import(call.actor.member) else {
        return Err(call.wrong("import-at-work", &[]));
    };
    if usize::try_from(file.size).unwrap_or(usize::MAX) > share::BYTES_LIMIT {
        return Err(no_playlist(call, NotAPlaylist::TooLarge));
    }
    let bytes = call
        .desk
        .rest
        .attachment(&file.url, share::BYTES_LIMIT)
        .await;
    let bytes = bytes.map_err(|failure| {
        tracing::debug!(interaction.id = call.visit.id, %failure, "an attachment was not had");
        call.wrong("import-unreachable", &[])
    })?;
    let reading = share::read(&bytes, &file.filename).map_err(|why| no_playlist(call, why))?;
    let said = [("file", file.filename.as_str().into())];
    let title = Some(reading.playlist.title.clone()).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| call.say("import-title", &said));
    let found = looking::find(call, &reading.playlist.tracks).await?;
    let names = found.refused.iter().map(|(name, _)| name.clone());
    let missing: Vec<String> = names.chain(found.late.iter().cloned()).collect();
    let batch = Batch {
        title: Some(title),
        tracks: found.tracks,
        refused: found.refused,
        count: reading.count.saturating_sub(found.late.len()),
    };
    let answer = match into {
        Some(id) => collection::fill(call, id, batch).await?,
        None => adding::many(call, batch, (Place::Last, None)).await?,
    };
    Ok(with_missing(call, answer, (&missing, found.late.len())))
}

/// Says how many of those that are missing were not looked for, and names all where the answer does
/// not.
fn with_missing(call: &Call, answer: Answer, (missing, late): (&[String], usize)) -> Answer {
    if late == 0 && missing.len() <= adding::NAMED {
        return answer;
    }
    let answer = if late == 0 {
        answer
    } else {
        let minutes = looking::LOOK_WITHIN.as_secs() / 60;
        let fills = [("minutes", minutes.into()), ("count", late.into())];
        answer.with_line(&call.say("import-no-time", &fills))
    };
    answer.with_files(vec![Upload {
        name: "not-found.txt".to_owned(),
        bytes: missing.join("\n").into(),
    }])
}

fn no_playlist(call: &Call, why: NotAPlaylist) -> Trouble {
    let key = match why {
        NotAPlaylist::TooLarge => {
            let limit = share::BYTES_LIMIT / 1_000;
            return call.wrong("import-too-large", &[("limit", limit.into())]);
        }
        NotAPlaylist::NotText => "import-not-text",
        NotAPlaylist::Unknown => "import-unknown",
        NotAPlaylist::Malformed => "import-malformed",
        NotAPlaylist::Empty => "import-empty",
    };
    call.wrong(key, &[])
}
