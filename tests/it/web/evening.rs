//! An evening that was kept, and the pages of it being served.

use futures_util::future::BoxFuture;
use rondo::domain::ids::{ChannelId, GuildId, MemberId, SeatNo, SessionId, TurnId};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::{
    CloseReason, Effect, PlayRecord, RatingRecord, Record, Stars, TurnEnd, Way,
};
use rondo::domain::publishing::Publishing;
use rondo::domain::track::{MediaRef, Origin, Track, TrackKey};
use rondo::i18n::Words;
use rondo::share::PublicAddress;
use rondo::share::picture::Fonts;
use rondo::stage::{Directory, Loaded, NotLoaded, Outside, Ticket};
use rondo::storage::{Journal, Page, PageKind, PageSubject, PageToken, Store};
use rondo::web::{self, Limits, Live, Pictures, Proxies, Web};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(super) const HOME: GuildId = GuildId(1_180_000_000_000_000_001);
pub(super) const ANA: MemberId = MemberId(101);
pub(super) const BO: MemberId = MemberId(102);
const CY: MemberId = MemberId(103);
const EVENING: Moment = Moment(1_795_629_600_000);

/// A picture of one pixel.
pub(super) const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\
    \x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\
    \xaeB`\x82";

/// Pages that are served, and what they are made from.
pub(super) struct Served {
    pub(super) store: Store,
    /// Where requests go, without a slash at the end.
    pub(super) base: String,
    pub(super) folder: TempDir,
    journal: Journal,
    tasks: TaskTracker,
    stop: CancellationToken,
    client: reqwest::Client,
}

/// No stage is asked for anything here.
struct NoStage;

impl Outside for NoStage {
    fn now(&self) -> Moment {
        EVENING
    }

    fn load(&self, _: GuildId) -> BoxFuture<'_, Result<Loaded, NotLoaded>> {
        Box::pin(async { Ok(Loaded::default()) })
    }

    fn hand_over(&self, _: GuildId, _: Vec<Effect>) -> BoxFuture<'_, Ticket> {
        let ticket: Ticket = Box::pin(async { Ok(()) });
        Box::pin(std::future::ready(ticket))
    }
}

impl Served {
    /// Serves nothing yet, under this public address.
    pub(super) async fn under(address: &str) -> Served {
        Served::behind(&["127.0.0.1"], address).await
    }

    /// The same behind these servers.
    pub(super) async fn behind(proxies: &[&str], address: &str) -> Served {
        let proxies: Vec<String> = proxies.iter().map(|it| (*it).to_owned()).collect();
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("rondo.db");
        let store = Store::open(&format!("sqlite://{}", file.display()))
            .await
            .unwrap();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let journal = Journal::start(store.clone(), &tasks);
        let media = folder.path().join("media");
        std::fs::create_dir(&media).unwrap();
        let web = Arc::new(Web {
            store: store.clone(),
            stages: Directory::new(Arc::new(NoStage), tasks.clone(), stop.clone()),
            words: Words::new(),
            address: PublicAddress::of(address).unwrap(),
            media_dir: media,
            clock: || EVENING,
            publishing: Publishing::but(["nas.example".to_owned()]),
            guild_name: Box::new(|_| Some("Night & Day".to_owned())),
            stop: stop.clone(),
            live: Live::new(broadcast::channel(1).0, tasks.clone()),
            limits: Limits::behind(Proxies::of(&proxies).unwrap()),
            pictures: Pictures::new(Fonts::default()),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stopped = stop.clone();
        tasks.spawn(async move { web::serve(web, listener, stopped).await.unwrap() });
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20));
        Served {
            store,
            base,
            folder,
            journal,
            tasks,
            stop,
            client: client.build().unwrap(),
        }
    }

    pub(super) fn media(&self) -> PathBuf {
        self.folder.path().join("media")
    }

    pub(super) async fn keep(&self, records: Vec<Record>) {
        self.journal.keep(HOME, records).await.wait().await.unwrap();
    }

    /// Does something that this version of the store has no function for.
    pub(super) async fn meddle(&self, sql: &str) {
        let file = self.folder.path().join("rondo.db");
        let url = format!("sqlite://{}", file.display());
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The page of that subject, made if need be; its token is of these bytes.
    pub(super) async fn page(&self, kind: PageKind, number: u64, token: [u8; 16]) -> Page {
        let subject = PageSubject {
            guild: HOME,
            kind,
            number,
        };
        let token = PageToken::of(token);
        self.store
            .page_for(subject, ANA, &token, EVENING)
            .await
            .unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> reqwest::Response {
        self.ask(path, &[]).await
    }

    /// A request with these headers.
    pub(super) async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut asked = self.client.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        asked.send().await.unwrap()
    }

    pub(super) async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    pub(super) async fn send(&self, method: reqwest::Method, path: &str) -> reqwest::Response {
        let url = format!("{}{path}", self.base);
        self.client.request(method, url).send().await.unwrap()
    }

    /// Stops serving, and sees that everybody ends.
    pub(super) async fn end(self) {
        drop(self.journal);
        self.stop.cancel();
        self.tasks.close();
        let ended = tokio::time::timeout(Duration::from_secs(20), self.tasks.wait()).await;
        assert!(ended.is_ok(), "the pages are served for ever");
        self.store.close().await;
    }
}

pub(super) fn after(seconds: u64) -> Moment {
    EVENING + Duration::from_secs(seconds)
}

pub(super) fn track(title: &str, artist: &str, cover: Option<&str>) -> Track {
    Track {
        key: TrackKey(format!("sha256:{title}")),
        title: title.to_owned(),
        artist: Some(artist.to_owned()),
        album: None,
        length: Duration::from_secs(200),
        origin: Origin::Link,
        media: MediaRef(format!("media:{title}.opus")),
        link: None,
        cover: cover.map(str::to_owned),
        gain_tenths: None,
        live: false,
    }
}

pub(super) fn opened(session: u64, theme: Option<&str>) -> Record {
    Record::SessionOpened {
        session: SessionId(session),
        channel: ChannelId(800),
        host: ANA,
        theme: theme.map(str::to_owned),
        opened_at: after(0),
    }
}

pub(super) fn closed(session: u64) -> Record {
    Record::SessionClosed {
        session: SessionId(session),
        closed_at: after(7_200),
        why: CloseReason::Asked,
    }
}

/// A play that has ended; turns follow each other every four minutes.
pub(super) fn play(
    (session, turn): (u64, u64),
    (looper, name): (MemberId, &str),
    track: Track,
) -> Record {
    let began_at = after(turn * 240);
    Record::PlayEnded(Box::new(PlayRecord {
        turn: TurnId(turn),
        session: SessionId(session),
        looper,
        looper_name: name.to_owned(),
        seat: SeatNo(1),
        played: track.length,
        ended_at: Some(began_at + track.length),
        began_at,
        end: Some(TurnEnd::Finished),
        audience: 3,
        track,
    }))
}

pub(super) fn rating(turn: u64, rater: MemberId, stars: u8) -> Record {
    Record::Rating(RatingRecord {
        turn: TurnId(turn),
        rater,
        stars: Stars::new(stars).unwrap(),
        way: Way::Reaction,
        at: after(turn * 240 + 60),
        counts: true,
    })
}

pub(super) fn heard(turn: u64, member: MemberId) -> Record {
    Record::Heard {
        turn: TurnId(turn),
        member,
        name: format!("Listener {member}"),
        heard: Duration::from_mins(3),
        counts: true,
        joined_at: None,
    }
}

pub(super) fn comment(turn: u64, (member, name): (MemberId, &str), at: u64, text: &str) -> Record {
    Record::Comment {
        turn: TurnId(turn),
        member,
        name: name.to_owned(),
        offset: Duration::from_secs(at),
        text: text.to_owned(),
        message: None,
        at: after(turn * 240 + at),
    }
}

/// Session 12, as it was: two loopers, three songs of which two are rated, and what was said.
pub(super) async fn evening(served: &Served) -> Page {
    std::fs::write(served.media().join("cover-1.png"), PIXEL).unwrap();
    served
        .keep(vec![
            opened(12, Some("Rain <b>songs</b> & \"tea\"")),
            play(
                (12, 1),
                (ANA, "Ana"),
                track("First <script>", "Duo & Co", Some("cover-1.png")),
            ),
            play(
                (12, 2),
                (BO, "Bo \"the\" Bear"),
                track("夜来香", "李香兰", None),
            ),
            play(
                (12, 3),
                (ANA, "Ana"),
                track("Third", "", Some("cover-gone.png")),
            ),
            rating(1, BO, 4),
            rating(1, CY, 5),
            rating(2, ANA, 3),
            heard(1, BO),
            heard(1, CY),
            heard(2, ANA),
            comment(1, (CY, "Cy"), 50, "that <i>bass</i> line!"),
            comment(1, (BO, "Bo \"the\" Bear"), 100, "again!"),
            closed(12),
        ])
        .await;
    served.page(PageKind::Session, 12, [7; 16]).await
}
