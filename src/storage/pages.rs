//! The pages that playlists, collections and live stages have on the web: which address leads to
//! what, and whose name is not shown there. An address holds a token that nobody can guess; once
//! withdrawn it is dead for ever. What a page shows is not known here.

mod collection;

pub use collection::PublishedCollection;

use super::{Columns, StorageFailure, Store, id, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::moment::Moment;
use sqlx::any::AnyRow;
use sqlx::query;
use std::collections::HashSet;
use std::fmt;

/// The part of a page's address that nobody can guess: 128 bits in 26 signs of base 32.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PageToken(String);

impl PageToken {
    /// Signs of a token.
    pub const LENGTH: usize = 26;
    /// Letters and figures that are not mistaken for each other when they are read out.
    const SIGNS: &'static [u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

    /// From 128 bits of the system's randomness.
    pub fn of(bits: [u8; 16]) -> PageToken {
        let bits = u128::from_be_bytes(bits);
        let signs = (0..Self::LENGTH).rev().filter_map(|place| {
            let sign = usize::try_from(bits >> (5 * place) & 31).ok()?;
            Self::SIGNS.get(sign).copied().map(char::from)
        });
        PageToken(signs.collect())
    }

    /// As it stands in an address; `None` when that cannot be a token.
    pub fn read(text: &str) -> Option<PageToken> {
        let is_token =
            text.len() == Self::LENGTH && text.bytes().all(|sign| Self::SIGNS.contains(&sign));
        is_token.then(|| PageToken(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who knows the token reads the page, so a log does not learn it.
impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, _) = self.0.split_at_checked(4).unwrap_or_default();
        write!(f, "PageToken({start}…)")
    }
}

/// What kind of thing a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// The playlist of a session, by the session's number.
    Session,
    /// A collection, by its number.
    Collection,
    /// The stage while a session runs, by the session's number.
    Live,
}

impl PageKind {
    fn name(self) -> &'static str {
        match self {
            PageKind::Session => "session",
            PageKind::Collection => "collection",
            PageKind::Live => "live",
        }
    }

    fn of(name: &str) -> Result<PageKind, StorageFailure> {
        match name {
            "session" => Ok(PageKind::Session),
            "collection" => Ok(PageKind::Collection),
            "live" => Ok(PageKind::Live),
            other => Err(StorageFailure::Corrupt {
                what: "the kind of a page",
                reason: format!("{other} is none"),
            }),
        }
    }
}

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PageSubject {
    pub guild: GuildId,
    pub kind: PageKind,
    /// Its number within the guild.
    pub number: u64,
}

/// An address that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub token: PageToken,
    pub subject: PageSubject,
    pub made_by: MemberId,
    pub made_at: Moment,
    /// By whom and when it was withdrawn.
    pub withdrawn: Option<(MemberId, Moment)>,
}

impl Page {
    /// Its path below the public address.
    pub fn path(&self) -> String {
        let place = match self.subject.kind {
            PageKind::Session | PageKind::Collection => "p",
            PageKind::Live => "live",
        };
        format!("/{place}/{}", self.token.as_str())
    }
}

fn page(row: &AnyRow) -> Result<Page, StorageFailure> {
    let withdrawn = (
        row.maybe_number("withdrawn_by")?,
        row.maybe_number("withdrawn_at_ms")?,
    );
    Ok(Page {
        token: PageToken(row.text("token")?),
        subject: PageSubject {
            guild: row.guild()?,
            kind: PageKind::of(&row.text("kind")?)?,
            number: id(row.number("subject_id")?),
        },
        made_by: row.member("made_by")?,
        made_at: row.moment("made_at_ms")?,
        withdrawn: match withdrawn {
            (by, Some(at)) => Some((MemberId(id(by.unwrap_or_default())), Moment(at))),
            (_, None) => None,
        },
    })
}

const STANDING: &str = "select * from page where guild_id = $1 and kind = $2 and subject_id = $3 \
                        and withdrawn_at_ms is null";

impl Store {
    /// The page of that subject: the one that stands, or a new one under this token.
    pub async fn page_for(
        &self,
        subject: PageSubject,
        by: MemberId,
        token: &PageToken,
        now: Moment,
    ) -> Result<Page, StorageFailure> {
        let mut changes = self.pool.begin().await?;
        query(
            "insert into page (token, guild_id, kind, subject_id, made_by, made_at_ms) \
             values ($1, $2, $3, $4, $5, $6) \
             on conflict (guild_id, kind, subject_id) where withdrawn_at_ms is null do nothing",
        )
        .bind(token.as_str().to_owned())
        .bind(number(subject.guild.0))
        .bind(subject.kind.name())
        .bind(number(subject.number))
        .bind(number(by.0))
        .bind(now.0)
        .execute(&mut *changes)
        .await?;
        let row = query(STANDING)
            .bind(number(subject.guild.0))
            .bind(subject.kind.name())
            .bind(number(subject.number))
            .fetch_optional(&mut *changes)
            .await?;
        changes.commit().await?;
        row.as_ref().map(page).transpose()?.ok_or_else(|| {
            StorageFailure::Unavailable("the page was withdrawn meanwhile".to_owned())
        })
    }

    /// The page of that subject that stands, if there is one.
    pub async fn standing_page(
        &self,
        subject: PageSubject,
    ) -> Result<Option<Page>, StorageFailure> {
        let row = query(STANDING)
            .bind(number(subject.guild.0))
            .bind(subject.kind.name())
            .bind(number(subject.number))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(page).transpose()
    }

    /// Whether a page of that subject was withdrawn once.
    pub async fn was_withdrawn(&self, subject: PageSubject) -> Result<bool, StorageFailure> {
        let row = query(
            "select count(*) as pages from page where guild_id = $1 and kind = $2 \
             and subject_id = $3 and withdrawn_at_ms is not null",
        )
        .bind(number(subject.guild.0))
        .bind(subject.kind.name())
        .bind(number(subject.number))
        .fetch_one(&self.pool)
        .await?;
        Ok(row.number("pages")? > 0)
    }

    /// What that token leads to, withdrawn or not. Nothing while the bot is away from the guild, where
    /// nobody could withdraw it.
    pub async fn page(&self, token: &PageToken) -> Result<Option<Page>, StorageFailure> {
        let row = query(
            "select * from page where token = $1 \
             and not exists (select 1 from left_guild l where l.guild_id = page.guild_id)",
        )
        .bind(token.as_str().to_owned())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(page).transpose()
    }

    /// Withdraws the page of that subject; `false` when none stood.
    pub async fn withdraw_page(
        &self,
        subject: PageSubject,
        by: MemberId,
        now: Moment,
    ) -> Result<bool, StorageFailure> {
        let done = query(
            "update page set withdrawn_by = $4, withdrawn_at_ms = $5 where guild_id = $1 \
             and kind = $2 and subject_id = $3 and withdrawn_at_ms is null",
        )
        .bind(number(subject.guild.0))
        .bind(subject.kind.name())
        .bind(number(subject.number))
        .bind(number(by.0))
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whose name is not shown on pages of this guild.
    pub async fn hidden_names(&self, guild: GuildId) -> Result<HashSet<MemberId>, StorageFailure> {
        let rows = query("select member_id from hidden_name where guild_id = $1")
            .bind(number(guild.0))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| row.member("member_id")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::PageToken;

    #[test]
    fn a_token_carries_all_of_its_bits() {
        assert_eq!(PageToken::of([0; 16]).as_str(), "0".repeat(26));
        assert_eq!(
            PageToken::of([255; 16]).as_str(),
            format!("7{}", "z".repeat(25))
        );
        let mut seen = std::collections::HashSet::new();
        for bit in 0..128 {
            let token = PageToken::of((1_u128 << bit).to_be_bytes());
            assert_eq!(PageToken::read(token.as_str()), Some(token.clone()));
            assert!(seen.insert(token), "bit {bit} is lost");
        }
    }

    #[test]
    fn what_is_no_token_is_not_looked_for() {
        let token = PageToken::of(*b"sixteen bytes !!");
        assert_eq!(token.as_str().len(), PageToken::LENGTH);
        for text in [
            "",
            "1",
            &token.as_str().to_uppercase(),
            &token.as_str()[1..],
            &format!("{}0", token.as_str()),
            "../../../../../../etc/pass",
        ] {
            assert_eq!(PageToken::read(text), None, "{text}");
        }
        assert!(!format!("{token:?}").contains(token.as_str()));
    }
}
