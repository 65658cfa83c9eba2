//! Sessions that members have sent to `ListenBrainz` as playlists, and which playlist that made.

use super::super::{Columns, StorageFailure, Store, number};
use crate::domain::ids::{GuildId, MemberId, SessionId};
use crate::domain::moment::Moment;
use crate::domain::scrobbling::Service;
use sqlx::query;

/// A playlist that was made of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPlaylist {
    pub member: MemberId,
    /// What their account is called there.
    pub account: String,
    pub guild: GuildId,
    pub session: SessionId,
    /// Its id there.
    pub mbid: String,
    pub made_at: Moment,
}

impl Store {
    /// The id of the playlist that this account has of the session, if one was sent.
    pub async fn sent_playlist(
        &self,
        member: MemberId,
        account: &str,
        (guild, session): (GuildId, SessionId),
    ) -> Result<Option<String>, StorageFailure> {
        let row = query(
            "select playlist_mbid from sent_playlist where member_id = $1 and account = $2 \
             and guild_id = $3 and session_id = $4",
        )
        .bind(number(member.0))
        .bind(account.to_owned())
        .bind(number(guild.0))
        .bind(number(session.0))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| row.text("playlist_mbid")).transpose()
    }

    /// Remembers it, in the place of the one before; not if the account was unlinked meanwhile.
    pub async fn keep_sent_playlist(&self, sent: &SentPlaylist) -> Result<(), StorageFailure> {
        query(
            "insert into sent_playlist (member_id, account, guild_id, session_id, playlist_mbid, \
             made_at_ms) select member_id, account, $3, $4, $5, $6 from scrobble_link \
             where member_id = $1 and account = $2 and service = $7 \
             on conflict (member_id, account, guild_id, session_id) do update set \
             playlist_mbid = excluded.playlist_mbid, made_at_ms = excluded.made_at_ms",
        )
        .bind(number(sent.member.0))
        .bind(sent.account.clone())
        .bind(number(sent.guild.0))
        .bind(number(sent.session.0))
        .bind(sent.mbid.clone())
        .bind(sent.made_at.0)
        .bind(Service::ListenBrainz.key())
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
