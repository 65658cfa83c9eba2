//! What a path says: its parts, and its pattern for the limits.

use super::snowflake;
use axum::http::Method;

/// A request's path, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// Decoded parts after the version.
    pub(super) parts: Vec<String>,
    /// `POST /channels/:id/messages`.
    pub(super) pattern: String,
    /// The channel, guild or webhook (with token) that it begins with.
    pub(super) major: String,
    /// Outside the global limit.
    pub(super) is_interaction: bool,
    /// Needs no bot token: the path holds one, or nobody asks for one.
    pub(super) is_open: bool,
}

impl Route {
    pub(super) fn of(method: &Method, path: &str) -> Self {
        let parts: Vec<String> = path
            .split('/')
            .filter(|it| !it.is_empty())
            .map(decoded)
            .collect();
        let first = parts.first().map_or("", String::as_str);
        let has_token = matches!(first, "webhooks" | "interactions") && parts.len() > 2;
        let mut pattern = method.to_string() + " ";
        for (index, part) in parts.iter().enumerate() {
            pattern.push('/');
            pattern += if has_token && index == 2 {
                ":token"
            } else if snowflake(part).is_some() {
                ":id"
            } else if parts
                .get(index.wrapping_sub(1))
                .is_some_and(|it| it == "reactions")
            {
                ":emoji"
            } else {
                part
            };
        }
        let majors = if has_token { 2 } else { 1 };
        let major = if matches!(first, "channels" | "guilds" | "webhooks") {
            parts
                .iter()
                .skip(1)
                .take(majors)
                .cloned()
                .collect::<Vec<_>>()
                .join("/")
        } else {
            String::new()
        };
        Self {
            is_interaction: has_token,
            is_open: has_token || pattern == "GET /gateway",
            parts,
            pattern,
            major,
        }
    }

    /// The parts to match on.
    pub(super) fn slices(&self) -> Vec<&str> {
        self.parts.iter().map(String::as_str).collect()
    }
}

/// Percent-decoded; what is not UTF-8 stays as it is.
pub(super) fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = hex
            .filter(|_| *first == b'%')
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| part.to_owned())
}
