//! The messages of the voice gateway: what clients may send, and how the server's are written.
//! Order matters: songbird's parser needs `op` before `d` and bears no third key, so `seq` is only
//! written for version 8.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::close::Close;
use super::dave::Said;
use crate::world::Id;

/// What a client says.
#[derive(Debug)]
pub(super) enum FromClient {
    Identify(Identify),
    SelectProtocol(SelectProtocol),
    /// The value to give back, and the last `seq` seen (version 8).
    Heartbeat {
        echo: Value,
        seq_ack: Option<u64>,
    },
    Speaking {
        bits: u32,
        ssrc: u32,
        delay: u32,
    },
    Resume(Resume),
    /// Video announcements, which bots may send and nobody acts upon.
    Video,
    /// Of end-to-end encryption.
    Dave(Said),
}

#[derive(Debug, Deserialize)]
pub(super) struct Identify {
    #[serde(deserialize_with = "snowflake")]
    pub(super) server_id: Id,
    #[serde(deserialize_with = "snowflake")]
    pub(super) user_id: Id,
    pub(super) session_id: String,
    pub(super) token: String,
    /// The newest DAVE version the client knows; 0 or missing: none.
    #[serde(default)]
    pub(super) max_dave_protocol_version: u16,
}

#[derive(Debug, Deserialize)]
pub(super) struct SelectProtocol {
    pub(super) protocol: String,
    pub(super) data: SelectedProtocol,
}

#[derive(Debug, Deserialize)]
pub(super) struct SelectedProtocol {
    #[serde(rename = "address")]
    _address: std::net::IpAddr,
    #[serde(rename = "port")]
    _port: u16,
    pub(super) mode: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Resume {
    #[serde(deserialize_with = "snowflake")]
    pub(super) server_id: Id,
    pub(super) session_id: String,
    pub(super) token: String,
    /// The last `seq` seen; -1 or missing if none (version 8).
    #[serde(default)]
    pub(super) seq_ack: Option<i64>,
}

#[derive(Deserialize)]
struct Envelope {
    op: u8,
    #[serde(default)]
    d: Value,
}

#[derive(Deserialize)]
struct SpeakingData {
    speaking: u32,
    #[serde(default)]
    delay: u32,
    ssrc: u32,
}

#[derive(Deserialize)]
struct TransitionData {
    transition_id: u16,
}

#[derive(Deserialize)]
struct NumberedHeartbeat {
    t: Value,
    #[serde(default)]
    seq_ack: Option<i64>,
}

/// Snowflakes come as strings from most clients and as numbers from some.
fn snowflake<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(u64),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(id) => Ok(id),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// Reads one text message of a client that speaks this version.
pub(super) fn read(text: &str, version: u8) -> Result<FromClient, Close> {
    let Envelope { op, d } = serde_json::from_str(text).map_err(|_| Close::DecodeError)?;
    let decode = |_| Close::DecodeError;
    Ok(match op {
        0 => FromClient::Identify(serde_json::from_value(d).map_err(decode)?),
        1 => FromClient::SelectProtocol(serde_json::from_value(d).map_err(decode)?),
        3 if version >= 8 => {
            let beat: NumberedHeartbeat = serde_json::from_value(d).map_err(decode)?;
            FromClient::Heartbeat {
                echo: json!({ "t": beat.t }),
                seq_ack: beat.seq_ack.and_then(|seq| u64::try_from(seq).ok()),
            }
        }
        3 => {
            // "ints-as-strings" and everything else are refused by Discord as well.
            if !d.is_u64() {
                return Err(Close::DecodeError);
            }
            FromClient::Heartbeat {
                echo: d,
                seq_ack: None,
            }
        }
        5 => {
            let said: SpeakingData = serde_json::from_value(d).map_err(decode)?;
            FromClient::Speaking {
                bits: said.speaking,
                ssrc: said.ssrc,
                delay: said.delay,
            }
        }
        7 => FromClient::Resume(serde_json::from_value(d).map_err(decode)?),
        12 => FromClient::Video,
        23 => FromClient::Dave(Said::Ready(transition(d)?)),
        31 => FromClient::Dave(Said::Invalid(transition(d)?)),
        _ => return Err(Close::UnknownOpcode),
    })
}

fn transition(data: Value) -> Result<u16, Close> {
    let data: TransitionData = serde_json::from_value(data).map_err(|_| Close::DecodeError)?;
    Ok(data.transition_id)
}

/// Reads one binary message of a client: the opcode, then MLS.
pub(super) fn read_binary(bytes: &[u8]) -> Result<FromClient, Close> {
    let (op, payload) = bytes.split_first().ok_or(Close::DecodeError)?;
    Ok(FromClient::Dave(match op {
        26 => Said::KeyPackage(payload.to_vec()),
        28 => Said::Commit(payload.to_vec()),
        _ => return Err(Close::UnknownOpcode),
    }))
}

/// Writes a binary message of the server. The number, of which two bytes fit, only for version 8.
pub(super) fn write_binary(op: u8, payload: &[u8], seq: Option<u64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 3);
    if let Some(seq) = seq {
        let [.., high, low] = seq.to_be_bytes();
        bytes.extend_from_slice(&[high, low]);
    }
    bytes.push(op);
    bytes.extend_from_slice(payload);
    bytes
}

/// Writes a message of the server, `op` first. `seq` only for version 8.
pub(super) fn write(op: u8, data: &Value, seq: Option<u64>) -> String {
    match seq {
        Some(seq) => format!(r#"{{"op":{op},"d":{data},"seq":{seq}}}"#),
        None => format!(r#"{{"op":{op},"d":{data}}}"#),
    }
}
