//! A real browser without a window: headless Chromium, told what to do over its `DevTools` protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>). Where none is installed, whoever asks for
//! one is told so.

use crate::world::PATIENCE;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PROGRAMS: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
];

/// How often it is looked whether the browser has started.
const LOOK_PAUSE: Duration = Duration::from_millis(50);

/// How a page is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dark: bool,
    pub(crate) script: bool,
}

pub(crate) struct Browser {
    _process: Child,
    _folder: TempDir,
    address: String,
}

impl Browser {
    /// `None` where there is no Chromium.
    pub(crate) async fn start() -> Option<Browser> {
        let program = PROGRAMS.iter().find(|it| Path::new(it).exists())?;
        let folder = TempDir::new().unwrap();
        let process = Command::new(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--hide-scrollbars", "--remote-debugging-port=0"])
            .args(["--disable-dev-shm-usage", "--no-first-run"])
            .args(["--disable-background-networking", "--lang=en"])
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        // Two lines: the port, and the path.
        let place = folder.path().join("DevToolsActivePort");
        let mut look = tokio::time::interval(LOOK_PAUSE);
        let address = async {
            loop {
                look.tick().await;
                let said = std::fs::read_to_string(&place).unwrap_or_default();
                if let Some((port, path)) = said.trim().split_once('\n') {
                    return format!("ws://127.0.0.1:{port}{path}");
                }
            }
        };
        let address = timeout(PATIENCE, address).await.expect("it starts in time");
        Some(Browser {
            _process: process,
            _folder: folder,
            address,
        })
    }

    /// Opens the page and waits until it is there.
    pub(crate) async fn open(&self, address: &str, screen: Screen) -> Tab {
        let (socket, _) = connect_async(&self.address).await.unwrap();
        let mut tab = Tab {
            socket,
            session: None,
            next: 0,
            complaints: Vec::new(),
        };
        let target = tab
            .ask("Target.createTarget", json!({ "url": "about:blank" }))
            .await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = tab.ask("Target.attachToTarget", attach).await;
        tab.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        let size = json!({
            "width": screen.width, "height": screen.height,
            "deviceScaleFactor": 1, "mobile": screen.width < 600,
        });
        tab.ask("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if screen.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        tab.ask("Emulation.setEmulatedMedia", media).await;
        let script = json!({ "value": !screen.script });
        tab.ask("Emulation.setScriptExecutionDisabled", script)
            .await;
        for what in ["Runtime.enable", "Log.enable", "Page.enable"] {
            tab.ask(what, json!({})).await;
        }
        tab.ask("Page.navigate", json!({ "url": address })).await;
        tab.until("document.readyState === 'complete'").await;
        tab
    }
}

/// A page that is open.
pub(crate) struct Tab {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    next: u64,
    /// What the browser logged as errors: refused by the policy, not found, broken.
    pub(crate) complaints: Vec<String>,
}

impl Tab {
    async fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.try_to(method, params).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// What the browser answers, or why it does not.
    async fn try_to(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let message = Message::text(message.to_string());
        self.socket.send(message).await.unwrap();
        let answer = async {
            loop {
                let message = self.socket.next().await.expect("it goes on").unwrap();
                let Ok(text) = message.to_text() else {
                    continue;
                };
                let Ok(said) = serde_json::from_str::<Value>(text) else {
                    continue;
                };
                if said["id"] == id {
                    return match said.get("error") {
                        Some(error) => Err(error.clone()),
                        None => Ok(said["result"].clone()),
                    };
                }
                self.complaints.extend(complaint(&said));
            }
        };
        let answered = timeout(PATIENCE, answer).await;
        answered.unwrap_or_else(|_| panic!("{method} is not answered"))
    }

    /// The value of an expression in the page.
    pub(crate) async fn value(&mut self, expression: &str) -> Value {
        let what = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let answer = loop {
            match self.try_to("Runtime.evaluate", what.clone()).await {
                Ok(answer) => break answer,
                // The page was loaded anew meanwhile, as one without scripts does by itself.
                Err(error) if error.to_string().contains("navigated") => {}
                Err(error) => panic!("{expression}: {error}"),
            }
        };
        assert!(
            answer.get("exceptionDetails").is_none(),
            "{expression}: {answer}"
        );
        answer["result"]["value"].clone()
    }

    /// Waits until the expression is true in the page, looking whenever something changes there.
    pub(crate) async fn until(&mut self, expression: &str) {
        let limit = PATIENCE.as_millis() - 5_000;
        let look = format!(
            "new Promise(done => {{
                const look = () => {{ try {{ if ({expression}) done(true); }} catch {{}} }};
                new MutationObserver(look).observe(document, {{ subtree: true, childList: true,
                    characterData: true, attributes: true }});
                addEventListener('load', look);
                setInterval(look, 100);
                setTimeout(() => done(document.body && document.body.innerText), {limit});
                look();
            }})"
        );
        let came = self.value(&look).await;
        let complaints = &self.complaints;
        assert_eq!(came, true, "it never came to {expression}: {complaints:?}");
    }

    /// Draws nothing behind the page, as OBS does.
    pub(crate) async fn without_background(&mut self) {
        let none = json!({ "color": { "r": 0, "g": 0, "b": 0, "a": 0 } });
        self.ask("Emulation.setDefaultBackgroundColorOverride", none)
            .await;
    }

    /// Writes what is seen to `target/screenshots`, as a PNG, and gives back its bytes.
    pub(crate) async fn screenshot(&mut self, name: &str) -> Vec<u8> {
        let shot = self
            .ask("Page.captureScreenshot", json!({ "format": "png" }))
            .await;
        let bytes = decoded(shot["data"].as_str().unwrap());
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), &bytes).unwrap();
        bytes
    }
}

fn complaint(said: &Value) -> Option<String> {
    match said["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(said["params"].to_string()),
        "Log.entryAdded" if said["params"]["entry"]["level"] == "error" => {
            Some(said["params"]["entry"].to_string())
        }
        _ => None,
    }
}

/// Base 64 (RFC 4648, 4), as the protocol sends pictures.
fn decoded(text: &str) -> Vec<u8> {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for sign in text.bytes().filter(|sign| *sign != b'=') {
        let value = SIGNS.iter().position(|it| *it == sign).unwrap();
        held = held << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}
