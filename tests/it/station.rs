//! A radio station of the tests' own: an Icecast-like server with titles, an old Shoutcast one, lists
//! of stations, and HTTP live streaming. It plays one piece over and over, at the pace of sound.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, interval};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Sound between titles, in bytes.
const EVERY: usize = 2_000;
/// How much a listener gets at once when they come, as servers do.
const BURST: usize = 2;
/// Segments that a list of segments shows.
const WINDOW: u64 = 6;

pub(crate) struct Station {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

struct Shared {
    /// One piece as AAC, the same as a transport stream, and how long it is.
    sound: Vec<u8>,
    segment: Vec<u8>,
    length: Duration,
    began_at: Instant,
    state: Mutex<State>,
}

struct State {
    title: String,
    /// Cancelled when all listeners are thrown out.
    cut: CancellationToken,
    /// Paths that were asked for.
    asked: Vec<String>,
    off_air: bool,
}

impl Station {
    /// A station that plays a tone of 570 Hz.
    pub(crate) async fn on_air() -> Station {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            sound: crate::audio::fixture("segment.aac"),
            segment: crate::audio::fixture("segment.ts"),
            length: Duration::from_millis(1_500),
            began_at: Instant::now(),
            state: Mutex::new(State {
                title: "Test Band - First Song".to_owned(),
                cut: CancellationToken::new(),
                asked: Vec::new(),
                off_air: false,
            }),
        });
        let stop = CancellationToken::new();
        let (stopped, tasks, answering) = (stop.clone(), TaskTracker::new(), Arc::clone(&shared));
        tasks.clone().spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = stopped.cancelled() => return,
                };
                let Ok((stream, _)) = accepted else { return };
                let (shared, stopped) = (Arc::clone(&answering), stopped.clone());
                tasks.spawn(async move {
                    tokio::select! {
                        _ = shared.answer(stream) => {}
                        () = stopped.cancelled() => {}
                    }
                });
            }
        });
        Station {
            address,
            shared,
            _stop: stop.drop_guard(),
        }
    }

    pub(crate) fn link(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on this is on.
    pub(crate) fn plays(&self, title: &str) {
        title.clone_into(&mut self.shared.state.lock().unwrap().title);
    }

    /// Throws all listeners out; they may come again.
    pub(crate) fn cut(&self) {
        let mut state = self.shared.state.lock().unwrap();
        std::mem::take(&mut state.cut).cancel();
    }

    /// Answers nobody any more.
    pub(crate) fn goes_off_air(&self) {
        self.shared.state.lock().unwrap().off_air = true;
        self.cut();
    }

    /// How often this path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        let state = self.shared.state.lock().unwrap();
        state.asked.iter().filter(|it| *it == path).count()
    }
}

impl Shared {
    /// Listeners go away at any moment, so that writing may fail.
    async fn answer(&self, mut stream: TcpStream) -> Option<()> {
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            asked.push(stream.read_u8().await.ok()?);
        }
        let asked = String::from_utf8(asked).ok()?.to_lowercase();
        let path = asked.split(' ').nth(1)?.to_owned();
        let wants_titles = asked.contains("icy-metadata: 1");
        let (cut, off_air) = {
            let mut state = self.state.lock().unwrap();
            state.asked.push(path.clone());
            (state.cut.clone(), state.off_air)
        };
        if off_air {
            let gone = "HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
            return stream.write_all(gone.as_bytes()).await.ok();
        }
        let titles = if wants_titles { EVERY } else { 0 };
        let icy = format!("icy-name: Radio <Test> @everyone\r\nicy-metaint: {EVERY}\r\n");
        let head = match path.as_str() {
            "/live" => format!("HTTP/1.0 200 OK\r\nServer: Icecast 2.4.4\r\n{icy}"),
            "/old" => format!("ICY 200 OK\r\n{icy}"),
            "/plain" => "HTTP/1.0 200 OK\r\n".to_owned(),
            path => return self.file(path, &mut stream).await,
        };
        let head = format!("{head}Content-Type: audio/aac\r\n\r\n");
        stream.write_all(head.as_bytes()).await.ok()?;
        let titles = if path == "/plain" { 0 } else { titles };
        tokio::select! {
            ended = self.broadcast(&mut stream, titles) => ended,
            () = cut.cancelled() => Some(()),
        }
    }

    async fn broadcast(&self, stream: &mut TcpStream, titles: usize) -> Option<()> {
        let mut pace = interval(self.length);
        let (mut since, mut told) = (0, String::new());
        for turn in 0.. {
            if turn >= BURST {
                pace.tick().await;
            }
            let mut sound = self.sound.as_slice();
            while !sound.is_empty() {
                let length = if titles == 0 {
                    sound.len()
                } else {
                    titles - since
                };
                let (now, later) = sound.split_at(length.min(sound.len()));
                stream.write_all(now).await.ok()?;
                since += now.len();
                sound = later;
                if titles > 0 && since == titles {
                    since = 0;
                    stream.write_all(&self.title(&mut told)).await.ok()?;
                }
            }
        }
        Some(())
    }

    /// The title, if it is another than was told before.
    fn title(&self, told: &mut String) -> Vec<u8> {
        let title = self.state.lock().unwrap().title.clone();
        if title == *told {
            return vec![0];
        }
        told.clone_from(&title);
        let mut text = format!("StreamTitle='{title}';StreamUrl='';").into_bytes();
        let units = text.len().div_ceil(16);
        text.resize(units * 16, 0);
        text.insert(0, u8::try_from(units).unwrap());
        text
    }

    async fn file(&self, path: &str, stream: &mut TcpStream) -> Option<()> {
        let (kind, bytes) = match path {
            "/list.pls" => {
                let list = "[playlist]\nFile1=/live\nTitle1=Test\nNumberOfEntries=1\n";
                ("audio/x-scpls", list.into())
            }
            "/list.m3u" => (
                "audio/x-mpegurl",
                "#EXTM3U\n#EXTINF:-1,Test\nlist.pls\n".into(),
            ),
            "/round.m3u" => ("audio/x-mpegurl", "/round2.m3u\n".into()),
            "/round2.m3u" => ("audio/x-mpegurl", "/round.m3u\n".into()),
            "/inside.m3u" => ("audio/x-mpegurl", "http://10.0.0.1/live\n".into()),
            "/hls/master.m3u8" => ("application/vnd.apple.mpegurl", MASTER.into()),
            "/hls/media.m3u8" => ("application/vnd.apple.mpegurl", self.media().into()),
            "/hls/locked.m3u8" => ("application/vnd.apple.mpegurl", LOCKED.into()),
            "/hls/over.m3u8" => ("application/vnd.apple.mpegurl", OVER.into()),
            "/hls/inside.m3u8" => ("application/vnd.apple.mpegurl", INSIDE.into()),
            path if path.split('.').next_back() == Some("ts") => {
                ("video/mp2t", self.segment.clone())
            }
            path if path.split('.').next_back() == Some("aac") => {
                let tag = b"ID3\x04\0\0\0\0\0\x05clock".as_slice();
                ("audio/aac", [tag, &self.sound].concat())
            }
            _ => {
                let none = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
                return stream.write_all(none.as_bytes()).await.ok();
            }
        };
        let length = bytes.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.ok()?;
        stream.write_all(&bytes).await.ok()
    }

    /// The list of segments as it is by now.
    fn media(&self) -> String {
        let played = self.began_at.elapsed().as_millis() / self.length.as_millis();
        let first = u64::try_from(played).unwrap();
        let mut list = format!(
            "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:{first}\n"
        );
        for number in first..first + WINDOW {
            write!(list, "#EXTINF:1.5,\n{number}.ts\n").unwrap();
        }
        list
    }
}

const MASTER: &str = "#EXTM3U\n\
    #EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360,CODECS=\"avc1.42e00a,mp4a.40.2\"\n\
    film.m3u8\n\
    #EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS=\"mp4a.40.2\"\n\
    media.m3u8\n";
const LOCKED: &str = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n\
    #EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n#EXTINF:1.5,\n0.ts\n";
const OVER: &str = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n\
    #EXTINF:1.5,\n0.aac\n#EXTINF:1.5,\n1.aac\n#EXTINF:1.5,\n2.ts\n#EXT-X-ENDLIST\n";
const INSIDE: &str = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n\
    #EXTINF:1.5,\nhttp://192.168.0.1/0.aac\n#EXT-X-ENDLIST\n";
