//! Who does what on the evening.

use crate::evening::{Evening, PATIENCE};
use crate::tune::{Format, Piece};
use anyhow::Context;
use axum::Router;
use axum::routing::get;
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member, Seen, until};
use std::path::Path;
use std::time::Duration;

/// What should have been heard, in order: title and pitch, `None` for music of yours.
pub(crate) type Played = Vec<(String, Option<f32>)>;

const fn piece(title: &'static str, artist: &'static str, hz: f32, format: Format) -> Piece {
    Piece {
        title,
        artist,
        hz,
        seconds: 6,
        format,
    }
}

const MORNING: Piece = piece("Morning Light", "The Early Birds", 261.6, Format::Wav);
const RIVER: Piece = piece("River Song", "Delta", 329.6, Format::Flac);
const LANTERN: Piece = piece("Lantern Street", "Night Walkers", 392.0, Format::OggOpus);
const DRONE: Piece = piece("Endless Drone", "Feedback", 220.0, Format::Wav);
const HARBOUR: Piece = piece("Harbour Bells", "Saltwater", 523.3, Format::Flac);
const SECOND: Piece = piece("Second Wind", "The Early Birds", 293.7, Format::OggOpus);
const GOODBYE: Piece = piece("Last Train Home", "Night Walkers", 440.0, Format::Wav);

/// What the bot's owner has in the library.
pub(crate) fn fill_library(folder: &Path) -> anyhow::Result<()> {
    Ok(std::fs::write(
        folder.join(RIVER.file_name()),
        RIVER.bytes()?,
    )?)
}

fn text(text: &str) -> Given {
    Given::Text(text.to_owned())
}

fn file(piece: &Piece) -> anyhow::Result<Vec<(&'static str, Given)>> {
    let (name, bytes) = (piece.file_name(), piece.bytes()?.into());
    Ok(vec![("file", Given::Attachment { name, bytes })])
}

/// Somebody's web server with one song on it. It ends with the program.
async fn web_server(piece: &Piece) -> anyhow::Result<String> {
    let bytes = piece.bytes()?;
    let path = format!("/{}", piece.file_name());
    let app = Router::new().route(&path, get(move || std::future::ready(bytes.clone())));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let link = format!("http://{}{path}", listener.local_addr()?);
    #[expect(
        clippy::disallowed_methods,
        reason = "it serves until the program ends"
    )]
    tokio::task::spawn(async move { axum::serve(listener, app).await });
    Ok(link)
}

/// Six people, seven songs, five seats.
pub(crate) async fn with_own_pieces(evening: &mut Evening) -> anyhow::Result<Played> {
    let owner = evening.guild.owner.clone();
    let rating_heard = vec![("name", text("rating-heard")), ("value", text("2s"))];
    evening.runs(&owner, "settings set", rating_heard).await?;
    let people = arrive(evening).await?;
    let [ana, bo, cy, dee, eli, fay] = &people;

    evening.heard(fay, MORNING.hz, MORNING.title).await?;
    let card = evening.card(fay, MORNING.title).await?;
    evening.reacts(bo, &card, "🔥")?;
    evening.reacts(cy, &card, "❤️")?;
    evening.reacts(fay, &card, "👎")?;
    fay.unreact(&card, "👎")?;
    evening.tell("Fay takes the reaction back");
    evening
        .runs(fay, "rate", vec![("stars", Given::Int(5))])
        .await?;
    evening.reacts(ana, &card, "🔥")?;
    evening.tell("    (Ana's own song: that does not count, and only she is told)");

    evening.heard(fay, RIVER.hz, RIVER.title).await?;
    result(evening, fay, &MORNING).await?;
    let card = evening.card(fay, RIVER.title).await?;
    evening.reacts(ana, &card, "👍")?;
    evening.presses(fay, &card, "rate:").await?;
    comment(evening, dee, &card).await?;
    evening.tell("Cy sends ❤️ as an effect");
    anyhow::ensure!(cy.effect("❤️"), "Cy is not in voice");

    evening.heard(fay, LANTERN.hz, LANTERN.title).await?;
    result(evening, fay, &RIVER).await?;
    let card = evening.card(fay, LANTERN.title).await?;
    evening.show(&card);
    for (who, emoji) in [(ana, "❤️"), (bo, "🔥"), (eli, "🔥"), (fay, "❤️")] {
        evening.reacts(who, &card, emoji)?;
    }
    evening.presses(fay, &card, "grab:").await?;

    evening.heard(fay, DRONE.hz, DRONE.title).await?;
    result(evening, fay, &LANTERN).await?;
    evening.runs(dee, "skip", Vec::new()).await?;

    evening.heard(fay, HARBOUR.hz, HARBOUR.title).await?;
    result(evening, fay, &DRONE).await?;
    evening.runs(eli, "seat leave", Vec::new()).await?;
    let offer = evening
        .sees(fay, "the offer of the seat", |it| {
            it.mentions.contains(&fay.id)
        })
        .await?;
    evening.presses(fay, &offer, "seat:take").await?;

    evening.heard(fay, SECOND.hz, SECOND.title).await?;
    result(evening, fay, &HARBOUR).await?;
    evening.heard(ana, GOODBYE.hz, GOODBYE.title).await?;
    result(evening, ana, &SECOND).await?;
    goodbye(evening, ana).await?;
    let order = [MORNING, RIVER, LANTERN, DRONE, HARBOUR, SECOND, GOODBYE];
    Ok(order
        .iter()
        .map(|it| (it.title.to_owned(), Some(it.hz)))
        .collect())
}

/// Everybody comes, takes a seat by playing something, and listens.
async fn arrive(evening: &mut Evening) -> anyhow::Result<[Member; 6]> {
    let mut people = Vec::new();
    for name in ["Ana", "Bo", "Cy", "Dee", "Eli", "Fay"] {
        people.push(evening.joins(name)?);
    }
    let people: [Member; 6] = people.try_into().map_err(|_| anyhow::anyhow!("not six"))?;
    let [ana, bo, cy, dee, eli, fay] = &people;
    let theme = vec![("theme", text("Songs for a long drive"))];
    evening.runs(ana, "stage open", theme).await?;
    evening.runs(ana, "play", file(&MORNING)?).await?;
    let suggested = bo
        .suggestions(&evening.bot, "play", ("query", "river"))
        .await?;
    let choice = suggested
        .first()
        .context("the library suggests nothing for “river”")?;
    let shown = choice
        .get("name")
        .and_then(|it| it.as_str())
        .unwrap_or_default()
        .to_owned();
    evening.tell(&format!(
        "Bo: /play query: river…   and is offered: {shown}"
    ));
    let value = choice
        .get("value")
        .and_then(|it| it.as_str())
        .unwrap_or_default()
        .to_owned();
    evening
        .runs(bo, "play", vec![("query", text(&value))])
        .await?;
    let link = web_server(&LANTERN).await?;
    evening
        .runs(cy, "play", vec![("query", text(&link))])
        .await?;
    evening.runs(dee, "play", file(&DRONE)?).await?;
    evening.runs(eli, "play", file(&HARBOUR)?).await?;
    evening.runs(fay, "play", file(&GOODBYE)?).await?;
    evening.runs(ana, "play", file(&SECOND)?).await?;
    let broken = Given::Attachment {
        name: "holiday.mp3".to_owned(),
        bytes: "no music".into(),
    };
    evening.runs(ana, "play", vec![("file", broken)]).await?;
    Ok(people)
}

/// The card of a song becomes its result line when the song has ended.
async fn result(evening: &mut Evening, who: &Member, of: &Piece) -> anyhow::Result<()> {
    let title = of.title;
    let is_result = |it: &Seen| it.is_edited && it.says(title) && it.says("heard by");
    evening
        .sees(who, &format!("the result of {title}"), is_result)
        .await?;
    Ok(())
}

async fn comment(evening: &mut Evening, who: &Member, card: &Seen) -> anyhow::Result<()> {
    let opened = evening.presses(who, card, "comment:").await?;
    let Answer::Form { interaction, .. } = opened else {
        anyhow::bail!("no form opened");
    };
    evening.tell(&format!("{} writes: that bass line!", who.name));
    let answer = who
        .submit(interaction, &[("words", "that bass line!")])
        .await?;
    evening.show_answer(&answer);
    Ok(())
}

/// The host closes; what is left is looked at.
async fn goodbye(evening: &mut Evening, host: &Member) -> anyhow::Result<()> {
    evening.runs(host, "stage close", Vec::new()).await?;
    evening
        .sees(host, "the session playlist", |it| it.files.len() >= 2)
        .await?;
    for board in ["tracks", "loopers", "listeners"] {
        let all = vec![("period", text("all"))];
        evening
            .runs(host, &format!("leaderboard {board}"), all)
            .await?;
    }
    Ok(())
}

/// Three of the files in your folder, a quarter of a minute each.
pub(crate) async fn with_music(evening: &mut Evening, folder: &Path) -> anyhow::Result<Played> {
    let people = [
        evening.joins("Ana")?,
        evening.joins("Bo")?,
        evening.joins("Cy")?,
    ];
    let host = people[0].clone();
    evening.tell(&format!("The library is {}", folder.display()));
    let look = |_: &_| Some(());
    until(evening.sandbox.hub(), PATIENCE, look).await;
    let mut played = Vec::new();
    let choices = library(evening, &host).await?;
    for (who, (shown, value)) in people.iter().zip(choices) {
        evening
            .runs(who, "play", vec![("query", text(&value))])
            .await?;
        played.push((shown, None));
    }
    for (who, (title, _)) in people.iter().zip(&played) {
        let before = host.heard_ms();
        let enough = until(evening.sandbox.hub(), PATIENCE * 2, |_| {
            (host.heard_ms() > before + 15_000).then_some(())
        });
        enough.await.context("the music does not play")?;
        let loudness = host.hears().loudness_lufs(before, before + 15_000);
        evening.tell(&format!(
            "    ♪ Ana hears {title} by {} ({loudness:.1} LUFS)",
            who.name
        ));
        evening.runs(who, "skip", Vec::new()).await?;
    }
    goodbye(evening, &host).await?;
    Ok(played)
}

/// What the library offers, once it has been looked through.
async fn library(evening: &Evening, who: &Member) -> anyhow::Result<Vec<(String, String)>> {
    let deadline = tokio::time::Instant::now() + PATIENCE * 3;
    loop {
        let found = who.suggestions(&evening.bot, "play", ("query", "")).await?;
        let field = |it: &serde_json::Value, key| it.get(key)?.as_str().map(str::to_owned);
        let found: Vec<_> = found
            .iter()
            .filter_map(|it| Some((field(it, "name")?, field(it, "value")?)))
            .collect();
        if found.len() >= 3 || (!found.is_empty() && tokio::time::Instant::now() > deadline) {
            return Ok(found.into_iter().take(3).collect());
        }
        anyhow::ensure!(
            tokio::time::Instant::now() < deadline,
            "nothing in the folder can be played"
        );
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
