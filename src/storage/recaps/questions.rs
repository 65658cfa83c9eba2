//! What recaps ask the database: of the plays of a time, on a server or around a member. Each question
//! goes through `play_by_time` and the keys of what hangs on a play.

use super::super::number;
use super::Whose;
use crate::domain::ids::GuildId;
use crate::domain::recap::Span;
use sqlx::any::{Any, AnyArguments};
use sqlx::query;
use sqlx::query::Query;

/// The bounds are `$2` and `$3` after the guild, and the member is `$4`.
pub(super) type Asked<'q> = Query<'q, Any, AnyArguments>;

/// The question about a time of a server, or of a member in it.
pub(super) fn asked<'q>(sql: &'static str, guild: GuildId, span: Span, whose: Whose) -> Asked<'q> {
    let asked = query(sql)
        .bind(number(guild.0))
        .bind(span.from.0)
        .bind(span.to.0);
    match whose {
        Whose::Server => asked,
        Whose::Member(member) => asked.bind(number(member.0)),
    }
}

/// The plays of the time that sounded.
macro_rules! of_the_time {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " p.guild_id = $1 and p.began_at_ms >= $2 and p.began_at_ms < $3 and p.played_ms > 0 ",
            $after
        )
    };
}

pub(super) const SERVER_HOURS: &str = of_the_time!(
    "select p.began_at_ms / 3600000 as hour, count(distinct p.turn_id) as plays, \
     cast(coalesce(sum(h.heard_ms), 0) as bigint) as heard_ms from play p left join heard h \
     on h.guild_id = p.guild_id and h.turn_id = p.turn_id where",
    "group by p.began_at_ms / 3600000 order by p.began_at_ms / 3600000"
);
pub(super) const MEMBER_HOURS: &str = of_the_time!(
    "select p.began_at_ms / 3600000 as hour, cast(sum(h.counts) as bigint) as plays, \
     cast(sum(h.heard_ms) as bigint) as heard_ms from play p join heard h \
     on h.guild_id = p.guild_id and h.turn_id = p.turn_id and h.member_id = $4 where",
    "group by p.began_at_ms / 3600000 order by p.began_at_ms / 3600000"
);
pub(super) const SERVER_RATINGS: &str = of_the_time!(
    "select r.stars, count(*) as ratings from play p join rating r on r.guild_id = p.guild_id \
     and r.turn_id = p.turn_id and r.voided_by is null where",
    "group by r.stars"
);
pub(super) const MEMBER_RATINGS: &str = of_the_time!(
    "select r.stars, count(*) as ratings from play p join rating r on r.guild_id = p.guild_id \
     and r.turn_id = p.turn_id and r.rater_id = $4 and r.voided_by is null where",
    "group by r.stars"
);
pub(super) const SERVER_PEOPLE: &str = of_the_time!(
    "select count(distinct nullif(p.looper_id, 0)) as loopers, \
     count(distinct h.member_id) as listeners, cast(0 as bigint) as own from play p left join heard h on h.guild_id = p.guild_id \
     and h.turn_id = p.turn_id and h.counts = 1 where",
    ""
);
pub(super) const MEMBER_PEOPLE: &str = of_the_time!(
    "select count(distinct case when h.member_id = $4 then p.looper_id end) as loopers, \
     count(distinct case when p.looper_id = $4 then h.member_id end) as listeners, \
     count(distinct case when p.looper_id = $4 then p.turn_id end) as own \
     from play p left join heard h on h.guild_id = p.guild_id \
     and h.turn_id = p.turn_id and h.counts = 1 where",
    "and (p.looper_id = $4 or h.member_id = $4)"
);
pub(super) const SERVER_GRABS: &str = of_the_time!(
    "select count(*) as grabs from play p join grab g on g.guild_id = p.guild_id \
     and g.turn_id = p.turn_id where",
    ""
);
pub(super) const MEMBER_GRABS: &str = of_the_time!(
    "select count(*) as grabs from play p join grab g on g.guild_id = p.guild_id \
     and g.turn_id = p.turn_id and g.member_id = $4 where",
    ""
);
/// Each as they were called when they last listened.
pub(super) const SERVER_LISTENERS: &str = of_the_time!(
    "select (select n.member_name from heard n where n.guild_id = $1 \
     and n.turn_id = s.newest and n.member_id = s.member_id) as name, s.heard_ms from \
     (select h.member_id, max(h.turn_id) as newest, cast(sum(h.heard_ms) as bigint) as heard_ms \
     from play p join heard h on h.guild_id = p.guild_id and h.turn_id = p.turn_id where",
    "group by h.member_id order by sum(h.heard_ms) desc, h.member_id limit 5) s \
     order by s.heard_ms desc, s.member_id"
);

/// Each play with how those received it whose ratings count. Quarters as in
/// `domain::leaderboard`. The server's is `SERVER_RECEIVED`, the member's own songs are those of
/// `OWN_RECEIVED`.
macro_rules! received {
    ($rest:literal) => {
        of_the_time!(
            "select p.turn_id, p.track_key, p.looper_id, \
             (select count(*) from heard h where h.guild_id = p.guild_id \
              and h.turn_id = p.turn_id and h.counts = 1) as audience, \
             (select count(*) from rating r where r.guild_id = p.guild_id \
              and r.turn_id = p.turn_id and r.counts = 1 and r.voided_by is null) as ratings, \
             (select cast(coalesce(sum(r.stars), 0) as bigint) from rating r \
              where r.guild_id = p.guild_id and r.turn_id = p.turn_id and r.counts = 1 \
              and r.voided_by is null) as stars, \
             (select cast(coalesce(sum(case r.stars when 1 then -4 when 2 then 0 when 3 then 2 \
              when 4 then 4 else 5 end), 0) as bigint) from rating r \
              where r.guild_id = p.guild_id and r.turn_id = p.turn_id and r.counts = 1 \
              and r.voided_by is null) as quarters from play p where",
            $rest
        )
    };
}

pub(super) const SERVER_RECEIVED: &str = received!("order by p.turn_id desc limit $4");
pub(super) const OWN_RECEIVED: &str =
    received!("and p.looper_id = $4 order by p.turn_id desc limit $5");

/// What the member gave, the best and newest first.
pub(super) const GIVEN: &str = of_the_time!(
    "select p.track_key, p.title, p.artist, p.looper_id, p.looper_name, r.stars from play p \
     join rating r on r.guild_id = p.guild_id and r.turn_id = p.turn_id and r.rater_id = $4 \
     and r.voided_by is null where",
    "order by r.stars desc, p.turn_id desc limit $5"
);
