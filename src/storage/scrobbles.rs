//! Members' accounts at scrobbling services, and (in `queue`) what is to be submitted to them. Tokens
//! come in encrypted and go out so; what a service is, and how it is asked, is not known here.

mod playlists;
mod queue;

pub use playlists::SentPlaylist;
pub(super) use queue::HeardPlays;
pub use queue::{Settled, WaitingScrobble};

use super::{Columns, StorageFailure, Store, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::scrobbling::Service;
use sqlx::any::AnyRow;
use sqlx::query;

/// Why a link does not work any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenWhy {
    /// The service takes the token no more.
    Revoked,
    /// The token was encrypted with another key.
    Key,
}

impl BrokenWhy {
    fn code(self) -> &'static str {
        match self {
            BrokenWhy::Revoked => "revoked",
            BrokenWhy::Key => "key",
        }
    }

    fn of(code: Option<&str>) -> BrokenWhy {
        match code {
            Some("key") => BrokenWhy::Key,
            _ => BrokenWhy::Revoked,
        }
    }
}

/// A member's account at a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    pub member: MemberId,
    pub service: Service,
    /// What the account is called there.
    pub account: String,
    /// Encrypted.
    pub token: String,
    /// The language the member used when they linked, as Discord writes it.
    pub locale: String,
    pub linked_at: Moment,
    pub broken: Option<(Moment, BrokenWhy)>,
    /// What the last failed try came to; gone after one that succeeded.
    pub trouble: Option<String>,
}

/// An account to link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    pub member: MemberId,
    pub service: Service,
    pub account: String,
    /// Encrypted.
    pub token: String,
    pub locale: String,
    pub at: Moment,
}

/// How it stands with what a member heard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScrobbleCounts {
    pub sent: u32,
    pub waiting: u32,
    pub refused: u32,
    /// Why the newest of those was refused.
    pub last_refusal: Option<String>,
}

fn link(row: &AnyRow) -> Result<LinkRow, StorageFailure> {
    let service = row.text("service")?;
    let why = row.maybe_text("broken_why")?;
    let broken_at = row.maybe_number("broken_at_ms")?;
    Ok(LinkRow {
        member: row.member("member_id")?,
        service: Service::named(&service).ok_or(StorageFailure::Corrupt {
            what: "a scrobbling service",
            reason: service,
        })?,
        account: row.text("account")?,
        token: row.text("token")?,
        locale: row.text("locale")?,
        linked_at: row.moment("linked_at_ms")?,
        broken: broken_at.map(|at| (Moment(at), BrokenWhy::of(why.as_deref()))),
        trouble: row.maybe_text("trouble")?,
    })
}

impl Store {
    /// Links an account, in the place of the one before. What waits for that one goes to this one if
    /// it is the same account, else nowhere.
    pub async fn link_scrobbles(&self, new: &NewLink) -> Result<(), StorageFailure> {
        let (member, service) = (number(new.member.0), new.service.key());
        let mut transaction = self.pool.begin().await?;
        query(
            "delete from scrobble where member_id = $1 and service = $2 and sent_at_ms is null \
             and not exists (select 1 from scrobble_link l where l.member_id = $1 \
             and l.service = $2 and l.account = $3)",
        )
        .bind(member)
        .bind(service)
        .bind(new.account.clone())
        .execute(&mut *transaction)
        .await?;
        query(
            // What was tried may have arrived: that there was a try is not forgotten.
            "update scrobble set tries = case when tries > 0 then 1 else 0 end, \
             next_try_at_ms = $3 where member_id = $1 \
             and service = $2 and sent_at_ms is null and refused is null",
        )
        .bind(member)
        .bind(service)
        .bind(new.at.0)
        .execute(&mut *transaction)
        .await?;
        query(
            "insert into scrobble_link (member_id, service, account, token, locale, linked_at_ms) \
             values ($1, $2, $3, $4, $5, $6) on conflict (member_id, service) do update set \
             account = excluded.account, token = excluded.token, locale = excluded.locale, \
             linked_at_ms = excluded.linked_at_ms, broken_at_ms = null, broken_why = null, \
             trouble = null",
        )
        .bind(member)
        .bind(service)
        .bind(new.account.clone())
        .bind(new.token.clone())
        .bind(new.locale.clone())
        .bind(new.at.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        self.scrobbles.notify_one();
        Ok(())
    }

    /// Forgets the account, its token, and everything that was or was to be submitted to it. `false`
    /// if there was none.
    pub async fn unlink_scrobbles(
        &self,
        member: MemberId,
        service: Service,
    ) -> Result<bool, StorageFailure> {
        let mut transaction = self.pool.begin().await?;
        query("delete from scrobble where member_id = $1 and service = $2")
            .bind(number(member.0))
            .bind(service.key())
            .execute(&mut *transaction)
            .await?;
        if service == Service::ListenBrainz {
            query("delete from sent_playlist where member_id = $1")
                .bind(number(member.0))
                .execute(&mut *transaction)
                .await?;
        }
        let unlinked = query("delete from scrobble_link where member_id = $1 and service = $2")
            .bind(number(member.0))
            .bind(service.key())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(unlinked.rows_affected() > 0)
    }

    /// The member's account at a service.
    pub async fn scrobble_link(
        &self,
        member: MemberId,
        service: Service,
    ) -> Result<Option<LinkRow>, StorageFailure> {
        let row = query("select * from scrobble_link where member_id = $1 and service = $2")
            .bind(number(member.0))
            .bind(service.key())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(link).transpose()
    }

    /// Notes that a link does not work any more; `false` if that was known, or if another token has
    /// taken the place of this one. What waits is kept.
    pub async fn break_scrobble_link(
        &self,
        broken: &LinkRow,
        (why, at): (BrokenWhy, Moment),
    ) -> Result<bool, StorageFailure> {
        let done = query(
            "update scrobble_link set broken_at_ms = $4, broken_why = $5 where member_id = $1 \
             and service = $2 and token = $3 and broken_at_ms is null",
        )
        .bind(number(broken.member.0))
        .bind(broken.service.key())
        .bind(broken.token.clone())
        .bind(at.0)
        .bind(why.code())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// How it stands with what the member heard.
    pub async fn scrobble_counts(
        &self,
        member: MemberId,
        service: Service,
    ) -> Result<ScrobbleCounts, StorageFailure> {
        let figures = query(
            "select count(*) as heard, count(sent_at_ms) as sent, count(refused) as refused \
             from scrobble where member_id = $1 and service = $2",
        )
        .bind(number(member.0))
        .bind(service.key())
        .fetch_one(&self.pool)
        .await?;
        let last = query(
            "select refused from scrobble where member_id = $1 and service = $2 \
             and refused is not null order by listened_at_ms desc limit 1",
        )
        .bind(number(member.0))
        .bind(service.key())
        .fetch_optional(&self.pool)
        .await?;
        let (sent, refused) = (figures.count("sent")?, figures.count("refused")?);
        Ok(ScrobbleCounts {
            sent,
            refused,
            waiting: figures.count("heard")?.saturating_sub(sent + refused),
            last_refusal: match last {
                Some(row) => row.maybe_text("refused")?,
                None => None,
            },
        })
    }

    /// Whether what the member hears in this guild is told to nobody.
    pub async fn is_unscrobbled(
        &self,
        member: MemberId,
        guild: GuildId,
    ) -> Result<bool, StorageFailure> {
        let row =
            query("select off_at_ms from scrobble_off where member_id = $1 and guild_id = $2")
                .bind(number(member.0))
                .bind(number(guild.0))
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.is_some())
    }

    /// Sets whether what the member hears in this guild is told to nobody, from now on.
    pub async fn set_unscrobbled(
        &self,
        (member, guild): (MemberId, GuildId),
        off: bool,
        at: Moment,
    ) -> Result<(), StorageFailure> {
        let (member, guild) = (number(member.0), number(guild.0));
        if off {
            query(
                "insert into scrobble_off (member_id, guild_id, off_at_ms) values ($1, $2, $3) \
                 on conflict do nothing",
            )
            .bind(member)
            .bind(guild)
            .bind(at.0)
            .execute(&self.pool)
            .await?;
        } else {
            query("delete from scrobble_off where member_id = $1 and guild_id = $2")
                .bind(member)
                .bind(guild)
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}
