//! What can be played and what cannot.

use crate::tune::{Format, Piece};
use crate::world::{Told, World, attached, in_lounge, piece, text};
use discord_sandbox::interactions::Given;

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_add_a_track_is_heard() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    for (title, hz, format) in [
        ("Wave", 262.0, Format::Wav),
        ("Flake", 330.0, Format::Flac),
        ("Opal", 392.0, Format::OggOpus),
    ] {
        let song = Piece {
            title,
            artist: "The Testers",
            hz,
            seconds: 2,
            format,
        };
        let said = world.play(&ana, &song).await;
        assert!(said.contains(title), "the title is in the file: {said}");
    }
    for hz in [262.0, 330.0, 392.0] {
        world.hears(&bo, hz).await;
    }
    let hearing = bo.hears();
    let gaps: Vec<_> = hearing
        .silences(100)
        .into_iter()
        .filter(|it| it.from_ms > 0 && it.to_ms + 40 < hearing.length_ms())
        .collect();
    assert!(
        gaps.is_empty(),
        "the next song begins within 100 ms: {gaps:?}"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_played_is_refused_when_it_is_added() {
    let (world, guild) = World::new().await;
    world.set(&guild, "length-limit", "30s").await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let file = |name: &str, bytes: Vec<u8>| {
        vec![(
            "file",
            Given::Attachment {
                name: name.to_owned(),
                bytes: bytes.into(),
            },
        )]
    };
    let said = world
        .says(
            &ana,
            "play",
            file("letter.mp3", b"Dear diary, this is no music.".to_vec()),
        )
        .await;
    assert!(said.contains("no audio file I can read"), "{said}");
    let said = world
        .says(&ana, "play", file("nothing.wav", Vec::new()))
        .await;
    assert!(
        said.contains("no sound") || said.contains("no audio"),
        "{said}"
    );
    let mut broken = piece("Cut Short", 330.0, 3).bytes().unwrap();
    broken.truncate(40);
    let said = world.says(&ana, "play", file("broken.wav", broken)).await;
    assert!(
        said.contains("damaged") || said.contains("no sound"),
        "{said}"
    );
    let said = world.play(&ana, &piece("Epic", 330.0, 31)).await;
    assert!(
        said.contains("0:31 long; tracks here can be up to 0:30"),
        "{said}"
    );
    let said = world
        .says(
            &ana,
            "play",
            vec![("query", text("http://127.0.0.1:1/song.mp3"))],
        )
        .await;
    assert!(
        said.contains("doesn't answer") || said.contains("only fetch public"),
        "{said}"
    );
    let said = world
        .says(
            &ana,
            "play",
            vec![("query", text("http://192.168.0.1/song.mp3"))],
        )
        .await;
    assert!(said.contains("only fetch public"), "{said}");
    let said = world
        .says(&ana, "play", vec![("query", text("no such words"))])
        .await;
    assert!(said.contains("found nothing"), "{said}");
    let said = world.says(&ana, "play", vec![]).await;
    assert!(said.contains("What would you like to hear?"), "{said}");
    // Nothing of it opened a stage.
    let said = world.says(&ana, "skip", vec![]).await;
    assert!(said.contains("no stage open"), "{said}");
    let zoe = guild.member("Zoe", "en-US");
    let said = world.play(&zoe, &piece("Alone", 330.0, 2)).await;
    assert!(said.contains("not in a voice channel"), "{said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_that_was_played_lately_is_warned_of_and_passed_over() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let song = piece("Again And Again", 262.0, 3);
    world.play(&ana, &song).await;
    world.hears(&bo, 262.0).await;
    // While it waits in the setlist, the same one is refused.
    world.play(&ana, &piece("Between", 330.0, 4)).await;
    let said = world.play(&ana, &piece("Between", 330.0, 4)).await;
    assert!(said.contains("in your setlist already"), "{said}");
    let said = world.play(&bo, &song).await;
    assert!(said.contains("It was played here"), "a warning: {said}");
    let said = world
        .says(
            &bo,
            "play",
            vec![("file", attached(&piece("Instead", 440.0, 3)))],
        )
        .await;
    assert!(said.contains("Instead"), "{said}");
    world.hears(&bo, 440.0).await;
    let over = world
        .wait(&ana, "the repeat", |it| {
            it.says("was played here") && it.says("their next track plays instead")
        })
        .await;
    assert!(over.says("Again And Again"), "{}", over.text);
    let repeats = bo
        .hears()
        .stretches()
        .into_iter()
        .filter(|it| it.is(262.0))
        .count();
    assert_eq!(repeats, 1, "it was heard once");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_full_of_mentions_pings_nobody() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world
        .play(
            &ana,
            &piece("@everyone **bold** <@1> [x](http://y)", 330.0, 4),
        )
        .await;
    world.hears(&bo, 330.0).await;
    let card = world.card(&bo, "everyone").await;
    assert!(!card.pings_everyone && card.mentions.is_empty());
    world
        .wait(&bo, "the result", |it| {
            it.says("everyone") && it.says("heard by")
        })
        .await;
    assert!(
        bo.sees().iter().all(|it| !it.pings_everyone),
        "nobody was rung"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_for_the_owner_is_refused_from_the_library_too() {
    let told = Told {
        more: vec![("RONDO_TRACK_LIMIT_MINUTES", "1".to_owned())],
        library: vec![
            ("short.wav", piece("Short Story", 330.0, 3).bytes().unwrap()),
            ("long.wav", piece("Long Story", 262.0, 63).bytes().unwrap()),
        ],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let says = async |words| world.says(&ana, "play", vec![("query", text(words))]).await;
    // The second time it is known already.
    for _ in 0..2 {
        let said = says("long story").await;
        assert!(said.contains("That is longer than"), "{said}");
    }
    for _ in 0..2 {
        let said = says("short story").await;
        assert!(said.contains("added **Short Story**"), "{said}");
    }
    world.hears(&ana, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_too_much_fetched_at_once_is_asked_to_wait() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let nowhere = || vec![("query", text("http://10.0.0.1/song.mp3"))];
    let mut fetched = 0;
    let said = loop {
        let said = world.says(&ana, "play", nowhere()).await;
        if said.contains("a lot in a short time") {
            break said;
        }
        fetched += 1;
        assert!(fetched < 200, "nobody is ever too fast: {said}");
    };
    println!("after {fetched}: {said}");
    assert!(fetched >= 30 && said.contains(" s."), "{fetched}: {said}");
    // Nobody else has to wait for that.
    let said = world.says(&bo, "play", nowhere()).await;
    assert!(!said.contains("short time"), "{said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_whose_file_has_gone_is_neither_offered_nor_taken() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Harbour Bells", 330.0, 3)).await;
    world.hears(&bo, 330.0).await;
    world
        .wait(&bo, "the result", |it| it.says("heard by 1"))
        .await;
    let offered = || async {
        let offered = bo.suggestions(&world.bot, "play", ("query", "harbour"));
        offered.await.unwrap()
    };
    let before = offered().await;
    let turn = before[0]["value"].as_str().unwrap().to_owned();
    assert!(turn.starts_with("turn:"), "{before:?}");

    // The source alone may go: what was made ready can be played.
    for file in world.media() {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(offered().await.len(), 1, "it is still made ready");
    let said = world.says(&bo, "play", vec![("query", text(&turn))]).await;
    assert!(said.contains("added **Harbour Bells**"), "{said}");
    world.hears(&ana, 330.0).await;

    world.says(&guild.owner, "stage close", vec![]).await;
    for file in world.prepared() {
        std::fs::remove_file(file).unwrap();
    }
    assert_eq!(
        offered().await.len(),
        0,
        "nobody is offered what is not there"
    );
    let said = world.says(&bo, "play", vec![("query", text(&turn))]).await;
    assert!(said.contains("no longer have the file"), "{said}");
    let said = world
        .says(&bo, "play", vec![("query", text("harbour bells"))])
        .await;
    assert!(said.contains("found nothing"), "{said}");
    world.end().await;
}
