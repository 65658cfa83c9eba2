//! Last.fm: how somebody lets the bot in (<https://www.last.fm/api/desktopauth>) and how it is told
//! what they heard (<https://www.last.fm/api/scrobbling>). It keeps nothing.

mod recent;

use super::web::{self, Reply};
use super::{Answered, ScrobbleFailure, Token, Verdict, hex, said};
use crate::domain::scrobbling::Listen;
use md5::{Digest, Md5};
use reqwest::Client;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// Where it is, and where people let an application in.
const API: &str = "https://ws.audioscrobbler.com/2.0/";
const APPROVE: &str = "https://www.last.fm/api/auth/";

/// Its codes for errors (<https://www.last.fm/api/errorcodes>).
const INVALID_SESSION: i64 = 9;
const UNAUTHORIZED_TOKEN: i64 = 14;
/// A token for a session that was used, has expired, or never was.
const LOST_TOKEN: &[i64] = &[4, 15];
/// Operation failed, service offline, temporary error, rate limit.
const PASSING: &[i64] = &[8, 11, 16, 29];
/// Invalid service, method, format; key, signature; key suspended: the owner's or our own business.
const OWNERS: &[i64] = &[2, 3, 5, 10, 13, 26];
/// `ignoredMessage` (<https://www.last.fm/api/show/track.scrobble>): taken, and too many for today.
const TAKEN: i64 = 0;
const ENOUGH_TODAY: i64 = 5;

/// What the owner has from <https://www.last.fm/api/account/create>, and where to ask.
#[derive(Clone)]
pub struct LastFmConfig {
    pub key: String,
    pub secret: String,
    /// Another address than its own, for tests.
    pub base: Option<Url>,
}

/// Asks Last.fm. Clones share the connections.
#[derive(Clone)]
pub struct LastFm {
    client: Client,
    base: Url,
    key: String,
    secret: String,
}

impl fmt::Debug for LastFmConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LastFmConfig").finish_non_exhaustive()
    }
}

impl fmt::Debug for LastFm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LastFm").finish_non_exhaustive()
    }
}

/// Whether somebody has let the bot in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The account's name, and what lets in from now on.
    Given(String, Token),
    NotYet,
    /// It took too long, or was used before.
    Lost,
}

impl LastFm {
    pub fn new(config: LastFmConfig) -> Result<LastFm, reqwest::Error> {
        let own = Url::parse(API).expect("the address above is well formed");
        Ok(LastFm {
            client: web::client()?,
            base: config.base.unwrap_or(own),
            key: config.key,
            secret: config.secret,
        })
    }

    /// A token to be approved by whoever wants to link their account (`auth.getToken`).
    pub async fn token(&self) -> Result<Token, ScrobbleFailure> {
        let answer = self.call("auth.getToken", Vec::new()).await?;
        let token = answer.what.get("token").and_then(Value::as_str);
        token.and_then(Token::new).ok_or_else(not_understood)
    }

    /// Where they approve it.
    pub fn approve_link(&self, token: &Token) -> String {
        let mut url = Url::parse(APPROVE).expect("the address above is well formed");
        url.query_pairs_mut()
            .append_pair("api_key", &self.key)
            .append_pair("token", token.reveal());
        url.into()
    }

    /// The session of a token, once it is approved (`auth.getSession`).
    pub async fn session(&self, token: &Token) -> Result<Approval, ScrobbleFailure> {
        let given = vec![("token".to_owned(), token.reveal().to_owned())];
        let reply = self.ask("auth.getSession", given).await?;
        match error_of(&reply) {
            Some((UNAUTHORIZED_TOKEN, _)) => return Ok(Approval::NotYet),
            Some((code, _)) if LOST_TOKEN.contains(&code) => return Ok(Approval::Lost),
            _ => {}
        }
        let answer = understood(&reply)?;
        let text = |path| answer.pointer(path).and_then(Value::as_str);
        let (name, key) = (text("/session/name"), text("/session/key"));
        match (name, key.and_then(Token::new)) {
            (Some(name), Some(key)) => Ok(Approval::Given(name.to_owned(), key)),
            _ => Err(not_understood()),
        }
    }

    /// Submits listens (`track.scrobble`), with a verdict on each.
    pub(super) async fn submit(
        &self,
        session: &Token,
        listens: &[Listen],
    ) -> Result<Answered<Vec<Verdict>>, ScrobbleFailure> {
        let mut given = vec![("sk".to_owned(), session.reveal().to_owned())];
        for (at, listen) in listens.iter().enumerate() {
            let mut add = |name: &str, value: String| given.push((format!("{name}[{at}]"), value));
            add("artist", listen.artist.clone());
            add("track", listen.title.clone());
            add("timestamp", second(listen).to_string());
            if let Some(album) = &listen.album {
                add("album", album.clone());
            }
            if !listen.length.is_zero() {
                add("duration", listen.length.as_secs().to_string());
            }
            if listen.by_other {
                add("chosenByUser", "0".to_owned());
            }
        }
        let answer = self.call("track.scrobble", given).await?;
        let what = verdicts(&answer.what, listens.len()).ok_or_else(not_understood)?;
        let rest = answer.rest;
        Ok(Answered { what, rest })
    }

    async fn call(
        &self,
        method: &str,
        given: Vec<(String, String)>,
    ) -> Result<Answered<Value>, ScrobbleFailure> {
        let reply = self.ask(method, given).await?;
        let rest = reply.rest;
        understood(&reply).map(|what| Answered { what, rest })
    }

    async fn ask(
        &self,
        method: &str,
        given: Vec<(String, String)>,
    ) -> Result<Reply, ScrobbleFailure> {
        let mut all: BTreeMap<String, String> = given.into_iter().collect();
        all.insert("method".to_owned(), method.to_owned());
        all.insert("api_key".to_owned(), self.key.clone());
        let signature = signature(&all, &self.secret);
        all.insert("api_sig".to_owned(), signature);
        // Not part of the signature.
        all.insert("format".to_owned(), "json".to_owned());
        web::ask(self.client.post(self.base.clone()).form(&all)).await
    }
}

/// The MD5 of all names and values in the order of the names' bytes, and of the secret
/// (<https://www.last.fm/api/desktopauth>, 6).
fn signature(all: &BTreeMap<String, String>, secret: &str) -> String {
    let mut digest = Md5::new();
    for (name, value) in all {
        digest.update(name);
        digest.update(value);
    }
    digest.update(secret);
    hex(&digest.finalize())
}

/// When it was listened to, as Last.fm counts.
fn second(listen: &Listen) -> i64 {
    listen.listened_at.0.div_euclid(1_000)
}

fn not_understood() -> ScrobbleFailure {
    ScrobbleFailure::Silent("the answer is not understood".to_owned())
}

/// The error that the body tells, whatever the status.
fn error_of(reply: &Reply) -> Option<(i64, String)> {
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    let code = number(body.get("error")?)?;
    let words = body.get("message").and_then(Value::as_str);
    Some((code, said(words.unwrap_or_default())))
}

fn understood(reply: &Reply) -> Result<Value, ScrobbleFailure> {
    match error_of(reply) {
        Some((INVALID_SESSION, _)) => Err(ScrobbleFailure::Unauthorized),
        Some((code, _)) if PASSING.contains(&code) => Err(ScrobbleFailure::Busy {
            code,
            wait: reply.wait,
        }),
        Some((code, words)) if OWNERS.contains(&code) => {
            Err(ScrobbleFailure::Owner(format!("{code}: {words}")))
        }
        Some((_, words)) => Err(ScrobbleFailure::Refused(words)),
        None if (200..300).contains(&reply.status) => {
            serde_json::from_slice(&reply.body).map_err(|_| not_understood())
        }
        None => Err(reply.busy()),
    }
}

/// Numbers stand in texts in some answers.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// One verdict for each scrobble, which is a list, or an object when it is only one.
fn verdicts(answer: &Value, count: usize) -> Option<Vec<Verdict>> {
    let told = answer.pointer("/scrobbles/scrobble")?;
    let told = match told.as_array() {
        Some(all) => all.iter().collect(),
        None => vec![told],
    };
    let verdicts: Option<Vec<Verdict>> = told.into_iter().map(verdict).collect();
    verdicts.filter(|verdicts| verdicts.len() == count)
}

fn verdict(told: &Value) -> Option<Verdict> {
    let code = number(told.pointer("/ignoredMessage/code")?)?;
    let words = told
        .pointer("/ignoredMessage/#text")
        .and_then(Value::as_str);
    Some(match code {
        TAKEN => Verdict::Taken,
        ENOUGH_TODAY => Verdict::Later,
        // 1: the artist, 2: the track is ignored; 3: too old, 4: too new.
        code => Verdict::Refused(match words.map(said).filter(|words| !words.is_empty()) {
            Some(words) => words,
            None => format!("ignored ({code})"),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_signature_is_the_digest_of_what_is_sorted() {
        let given = [
            ("method", "auth.getSession"),
            ("api_key", "xxxxxxxx"),
            ("token", "yyyyyy"),
        ];
        let all = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        // md5("api_keyxxxxxxxxmethodauth.getSessiontokenyyyyyyilovecher"), by md5sum(1).
        let expected = "1333ebf6f7dec747486b6ce965cca66b";
        let made = signature(&all.into(), "ilovecher");
        assert_eq!(made.len(), expected.len());
        assert_eq!(made, expected);
    }

    fn reply(status: u16, body: &Value) -> Reply {
        Reply {
            status,
            body: body.to_string().into_bytes(),
            wait: None,
            rest: None,
        }
    }

    #[test]
    fn codes_say_what_to_do() {
        let error = |status, code: i64| {
            let body = json!({ "error": code, "message": "Why" });
            understood(&reply(status, &body)).unwrap_err()
        };
        assert_eq!(error(403, 9), ScrobbleFailure::Unauthorized);
        for passing in [11, 16, 29] {
            assert_eq!(error(503, passing).code(), passing.to_string());
        }
        assert!(matches!(error(403, 10), ScrobbleFailure::Owner(_)));
        assert_eq!(error(400, 6), ScrobbleFailure::Refused("Why".to_owned()));
        let page = Reply {
            body: b"<html>".to_vec(),
            ..reply(502, &json!({}))
        };
        assert_eq!(understood(&page).unwrap_err().code(), "502");
    }

    #[test]
    fn every_scrobble_has_its_verdict() {
        let one =
            |code: &str, words: &str| json!({ "ignoredMessage": { "code": code, "#text": words } });
        let single = json!({ "scrobbles": { "scrobble": one("0", "") } });
        assert_eq!(verdicts(&single, 1), Some(vec![Verdict::Taken]));
        let many = json!({ "scrobbles": { "scrobble": [
            one("0", ""), one("5", ""), one("3", "Timestamp was too old"), one("1", ""),
        ] } });
        let refused = |why: &str| Verdict::Refused(why.to_owned());
        let expected = vec![
            Verdict::Taken,
            Verdict::Later,
            refused("Timestamp was too old"),
            refused("ignored (1)"),
        ];
        assert_eq!(verdicts(&many, 4), Some(expected));
        assert_eq!(verdicts(&many, 3), None);
        assert_eq!(verdicts(&json!({ "token": "x" }), 1), None);
    }
}
