//! The recap of the week goes out on Monday, with the moment as an argument: the real post, over the
//! real REST path, into a sandbox's channel.

use super::boards::{keep_all, rated};
use super::places::on_each;
use super::samples::{ADA, EVENING};
use discord_sandbox::server::{GuildSet, Ports, Sandbox};
use rondo::discord::crowd::{Crowd, Room};
use rondo::discord::mondays::{Postman, Round};
use rondo::discord::recap::Studio;
use rondo::discord::rest::Rest;
use rondo::domain::calendar::{DAY, HOUR, WEEK, monday};
use rondo::domain::ids::{ChannelId, GuildId};
use rondo::domain::protocol::Record;
use rondo::domain::settings::Settings;
use rondo::i18n::Words;
use rondo::share::picture::Fonts;
use tokio_util::sync::CancellationToken;
use url::Url;

pub(super) fn posting_to(channel: u64, language: &str) -> Record {
    Record::Settings(Box::new(Settings {
        recap_channel: Some(ChannelId(channel)),
        language: language.to_owned(),
        ..Settings::default()
    }))
}

pub(super) fn room(guild: &GuildSet, name: &str) -> (GuildId, Room) {
    let room = Room {
        name: name.to_owned(),
        ..Room::default()
    };
    (GuildId(guild.id), room)
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn the_week_is_posted_once_on_monday_morning_where_it_is_wanted() {
    on_each(async |place| {
        let folder = tempfile::TempDir::new().unwrap();
        let sandbox = Sandbox::start(Ports::any(folder.path().join("ca.pem"))).await;
        let sandbox = sandbox.unwrap();
        let bot = sandbox.bot("Rondo", 0);
        let desk = place.desk().await;
        let crowd = Crowd::default();
        // One in Chinese, one that wants none, one whose channel is gone, one where nothing was
        // played, and one in English that comes after all of them.
        let names = ["朋友们", "Silent", "Gone", "Idle", "Home"];
        let guilds = names.map(|name| sandbox.guild(name, "Owner"));
        for (guild, name) in guilds.iter().zip(names) {
            guild.invite(&bot, crate::world::INVITED);
            let (id, room) = room(guild, name);
            crowd.replace(id, room);
            let settings = match name {
                "Silent" => None,
                "Gone" => Some(posting_to(99, "en")),
                "朋友们" => Some(posting_to(guild.text, "zh-CN")),
                _ => Some(posting_to(guild.text, "en")),
            };
            desk.keep(id, settings.into_iter().collect()).await;
            if name != "Idle" {
                let played = rated(1, ADA, "Song @everyone", &[5, 4, 4]);
                keep_all(&desk, id, vec![played]).await;
            }
        }
        let base = Url::parse(&sandbox.base()).unwrap();
        let rest = Rest::new(&bot.token, &base, false, || 0.5).unwrap();
        let (words, fonts) = (Words::new(), Fonts::default());
        let studio = Studio {
            store: &desk.store,
            words: &words,
            fonts: &fonts,
        };
        let (rest, crowd) = (&rest, &crowd);
        let postman = Postman {
            studio,
            rest,
            crowd,
        };
        let stop = CancellationToken::new();
        let readers = guilds
            .each_ref()
            .map(|guild| guild.member("Reader", "en-US").looking_at(guild.text));
        let posts = || readers.each_ref().map(|reader| reader.sees().len());

        let due = monday(EVENING) + WEEK + 9 * HOUR;
        let mut round = Round::default();
        for early in [due - DAY, due - HOUR / 60] {
            postman.look(early, &mut round, &stop).await;
            assert_eq!(posts(), [0; 5]);
        }
        postman.look(due, &mut round, &stop).await;
        assert_eq!(posts(), [1, 0, 0, 0, 1]);
        postman.look(due + HOUR, &mut round, &stop).await;
        // After a restart, too.
        postman
            .look(due + 2 * HOUR, &mut Round::default(), &stop)
            .await;
        assert_eq!(posts(), [1, 0, 0, 0, 1]);
        // An admin who chooses a channel on Tuesday need not wait for a week; on Wednesday it is late.
        let silent = GuildId(guilds[1].id);
        let tuesday = due + DAY;
        desk.keep(silent, vec![posting_to(guilds[1].text, "en")])
            .await;
        postman.look(due + 2 * DAY, &mut round, &stop).await;
        assert_eq!(posts(), [1, 0, 0, 0, 1]);
        postman.look(tuesday, &mut Round::default(), &stop).await;
        assert_eq!(posts(), [1, 1, 0, 0, 1]);
        // In the week after that nothing was played.
        postman.look(due + WEEK, &mut round, &stop).await;
        assert_eq!(posts(), [1, 1, 0, 0, 1]);

        let post = &readers[4].sees()[0];
        for words in [
            "The week at Home",
            "21 Sep 2026 – 27 Sep 2026",
            "**1** song played (none before)",
            "**3** ratings",
            "Most on Mon; fullest between",
            "4.3 ★ (3)",
            "Listener 500",
        ] {
            assert!(post.says(words), "{words}: {}", post.text);
        }
        assert!(!post.pings_everyone && post.mentions.is_empty());
        assert_eq!(post.files[0].name, "recap.png");
        let alt = post.raw["attachments"][0]["description"].as_str().unwrap();
        assert!(alt.contains("The week at Home"), "{alt}");
        let chinese = &readers[0].sees()[0];
        assert!(chinese.says("朋友们 的一周"), "{}", chinese.text);
        assert!(chinese.says("**1** 首歌播放"), "{}", chinese.text);
        desk.close().await;
        sandbox.stop().await;
    })
    .await;
}
