//! Files that Discord keeps: what members attached, and the pictures they show themselves by. They are
//! asked for without the token and read up to a limit.

use super::{Rest, RestFailure};
use bytes::{Bytes, BytesMut};
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Where pictures are, beside Discord's own API; see "Image Formatting" in its documentation.
const CDN: &str = "https://cdn.discordapp.com";
/// Largest picture of a member, in bytes, and its side in pixels.
const AVATAR_LIMIT: usize = 512 * 1024;
const AVATAR_SIDE: u32 = 128;
/// How long a picture, and a file, may take.
const AVATAR_WITHIN: Duration = Duration::from_secs(3);
const FILE_WITHIN: Duration = Duration::from_secs(20);

impl Rest {
    /// A file that was attached to a command; `Unavailable` too for one beyond the limit in bytes.
    pub async fn attachment(&self, address: &str, limit: usize) -> Result<Bytes, RestFailure> {
        let address = Url::parse(address).map_err(|error| no_file(&error.to_string()))?;
        let fetched = tokio::time::timeout(FILE_WITHIN, self.fetched(address, limit));
        fetched
            .await
            .unwrap_or_else(|_| Err(no_file("no answer in time")))
    }

    /// The picture by which a guild shows a member, as PNG; `None` when they have none.
    pub async fn avatar(&self, guild: u64, member: u64) -> Result<Option<Bytes>, RestFailure> {
        let fetched = tokio::time::timeout(AVATAR_WITHIN, self.picture(guild, member));
        fetched
            .await
            .unwrap_or_else(|_| Err(no_file("no answer in time")))
    }

    async fn picture(&self, guild: u64, member: u64) -> Result<Option<Bytes>, RestFailure> {
        let (guild_id, member_id) = (guild.to_string(), member.to_string());
        let path = ["guilds", guild_id.as_str(), "members", member_id.as_str()];
        let parcel = self.parcel(Method::GET, "GET guilds/members", guild, &path);
        let known = self.courier.carry(parcel).await?;
        let hash = |path: &str| {
            let hash = known.pointer(path).and_then(Value::as_str)?;
            let is_hash = |c: char| c.is_ascii_alphanumeric() || c == '_';
            hash.chars().all(is_hash).then(|| hash.to_owned())
        };
        let path = match (hash("/avatar"), hash("/user/avatar")) {
            (Some(own), _) => format!("guilds/{guild}/users/{member}/avatars/{own}.png"),
            (None, Some(of_all)) => format!("avatars/{member}/{of_all}.png"),
            (None, None) => return Ok(None),
        };
        let base = if self.official {
            CDN
        } else {
            self.base.as_str().trim_end_matches('/')
        };
        let address = Url::parse(&format!("{base}/{path}?size={AVATAR_SIDE}"));
        let address = address.map_err(|error| no_file(&error.to_string()))?;
        self.fetched(address, AVATAR_LIMIT).await.map(Some)
    }

    async fn fetched(&self, address: Url, limit: usize) -> Result<Bytes, RestFailure> {
        let failed = |error: reqwest::Error| no_file(&error.without_url().to_string());
        let answer = self
            .courier
            .client()
            .get(address)
            .send()
            .await
            .map_err(failed)?;
        let mut answer = answer.error_for_status().map_err(failed)?;
        let mut file = BytesMut::new();
        while let Some(part) = answer.chunk().await.map_err(failed)? {
            file.extend_from_slice(&part);
            if file.len() > limit {
                return Err(no_file("the file is too large"));
            }
        }
        Ok(file.freeze())
    }
}

fn no_file(why: &str) -> RestFailure {
    RestFailure::Unavailable(why.to_owned())
}
