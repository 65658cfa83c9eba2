//! One record becomes one statement or two. Each can be written twice with the same result.

use super::{StorageFailure, json, ms, number, ratings};
use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::protocol::{Entry, PlayRecord, Record};
use sqlx::any::{Any, AnyArguments};
use sqlx::query::Query;
use sqlx::{AnyConnection, query};
use std::time::Duration;

pub(super) type Statement<'q> = Query<'q, Any, AnyArguments>;

pub(super) async fn write(
    connection: &mut AnyConnection,
    guild: GuildId,
    record: &Record,
) -> Result<(), StorageFailure> {
    let guild_id = number(guild.0);
    match record {
        Record::Setlist { member, entries } => {
            setlist(connection, guild_id, *member, entries).await
        }
        Record::SessionClosed {
            session,
            closed_at,
            why,
        } => {
            let closed = query(
                "update session set closed_at_ms = $3, why = $4 where guild_id = $1 and session_id = $2",
            )
            .bind(guild_id)
            .bind(number(session.0))
            .bind(closed_at.0)
            .bind(json(why));
            run(connection, closed).await?;
            run(
                connection,
                query("delete from standing where guild_id = $1").bind(guild_id),
            )
            .await
        }
        Record::VoidedAll { rater, by, at } => {
            void_all(connection, guild_id, (*rater, *by, at.0)).await
        }
        other => run(connection, statement(guild_id, other)).await,
    }
}

pub(super) async fn run(
    connection: &mut AnyConnection,
    statement: Statement<'_>,
) -> Result<(), StorageFailure> {
    statement.execute(connection).await?;
    Ok(())
}

async fn setlist(
    connection: &mut AnyConnection,
    guild_id: i64,
    member: MemberId,
    entries: &[Entry],
) -> Result<(), StorageFailure> {
    let member_id = number(member.0);
    let emptied = query("delete from setlist_entry where guild_id = $1 and member_id = $2")
        .bind(guild_id)
        .bind(member_id);
    run(connection, emptied).await?;
    for (place, entry) in (1_i64..).zip(entries) {
        let added = query(
            "insert into setlist_entry \
             (guild_id, member_id, place, entry_id, track_media, track, added_at_ms, \
             collection_id) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(guild_id)
        .bind(member_id)
        .bind(place)
        .bind(number(entry.id.0))
        .bind(entry.track.media.0.clone())
        .bind(json(&entry.track))
        .bind(entry.added_at.0)
        .bind(entry.from.map(|from| number(from.0)));
        run(connection, added).await?;
    }
    Ok(())
}

/// Voids everything that somebody has rated, and marks those plays for the boards.
async fn void_all(
    connection: &mut AnyConnection,
    guild_id: i64,
    (rater, by, at_ms): (MemberId, MemberId, i64),
) -> Result<(), StorageFailure> {
    let marked = query(
        "insert into board_mark (guild_id, turn_id, marks) select guild_id, turn_id, 1 \
         from rating where guild_id = $1 and rater_id = $2 and voided_by is null \
         order by turn_id on conflict (guild_id, turn_id) do update set marks = board_mark.marks + 1",
    )
    .bind(guild_id)
    .bind(number(rater.0));
    run(connection, marked).await?;
    let voided = query(
        "update rating set voided_by = $3, voided_at_ms = $4 \
         where guild_id = $1 and rater_id = $2 and voided_by is null",
    )
    .bind(guild_id)
    .bind(number(rater.0))
    .bind(number(by.0))
    .bind(at_ms);
    run(connection, voided).await
}

/// The statement of a record that needs only one.
fn statement(guild_id: i64, record: &Record) -> Statement<'static> {
    match record {
        Record::Standing(standing) => query(
            "insert into standing (guild_id, standing) values ($1, $2) on conflict (guild_id) \
             do update set standing = excluded.standing, turn_id = 0, position_ms = 0",
        )
        .bind(guild_id)
        .bind(json(standing)),
        Record::Position { turn, position, .. } => {
            query("update standing set turn_id = $2, position_ms = $3 where guild_id = $1")
                .bind(guild_id)
                .bind(number(turn.0))
                .bind(ms(*position))
        }
        Record::SessionOpened {
            session,
            channel,
            host,
            theme,
            opened_at,
        } => query(
            "insert into session (guild_id, session_id, channel_id, host_id, theme, opened_at_ms) \
             values ($1, $2, $3, $4, $5, $6) on conflict (guild_id, session_id) do nothing",
        )
        .bind(guild_id)
        .bind(number(session.0))
        .bind(number(channel.0))
        .bind(number(host.0))
        .bind(theme.clone())
        .bind(opened_at.0),
        Record::SessionThemed { session, theme } => {
            query("update session set theme = $3 where guild_id = $1 and session_id = $2")
                .bind(guild_id)
                .bind(number(session.0))
                .bind(theme.clone())
        }
        Record::PlayBegun(play) | Record::PlayEnded(play) => play_statement(guild_id, play),
        Record::FromCollection { turn, collection } => query(
            "insert into collection_play (guild_id, turn_id, collection_id) values ($1, $2, $3) \
             on conflict (guild_id, turn_id) do nothing",
        )
        .bind(guild_id)
        .bind(number(turn.0))
        .bind(number(collection.0)),
        Record::Rating(rating) => ratings::statement(&[(guild_id, rating)]),
        Record::Unrated { turn, rater } => {
            query("delete from rating where guild_id = $1 and turn_id = $2 and rater_id = $3")
                .bind(guild_id)
                .bind(number(turn.0))
                .bind(number(rater.0))
        }
        Record::Voided {
            turn,
            rater,
            by,
            at,
        } => query(
            "update rating set voided_by = $4, voided_at_ms = $5 \
             where guild_id = $1 and turn_id = $2 and rater_id = $3",
        )
        .bind(guild_id)
        .bind(number(turn.0))
        .bind(number(rater.0))
        .bind(number(by.0))
        .bind(at.0),
        other => people_statement(guild_id, other),
    }
}

fn people_statement(guild_id: i64, record: &Record) -> Statement<'static> {
    match record {
        Record::Comment {
            turn,
            member,
            name,
            offset,
            text,
            message,
            at,
        } => query(
            "insert into comment (guild_id, turn_id, member_id, said_at_ms, member_name, \
             offset_ms, words, message_id) values ($1, $2, $3, $4, $5, $6, $7, $8) \
             on conflict (guild_id, turn_id, member_id, said_at_ms) do nothing",
        )
        .bind(guild_id)
        .bind(number(turn.0))
        .bind(number(member.0))
        .bind(at.0)
        .bind(name.clone())
        .bind(ms(*offset))
        .bind(text.clone())
        .bind(message.map(number)),
        Record::OnAir {
            turn,
            place,
            offset,
            title,
        } => on_air_statement(guild_id, *turn, (*place, *offset, title)),
        Record::Heard {
            turn,
            member,
            name,
            heard,
            counts,
            joined_at,
        } => query(
            "insert into heard (guild_id, turn_id, member_id, member_name, heard_ms, counts, \
             joined_at_ms) values ($1, $2, $3, $4, $5, $6, $7) on conflict (guild_id, turn_id, member_id) do update \
             set heard_ms = excluded.heard_ms, counts = excluded.counts, \
             joined_at_ms = excluded.joined_at_ms",
        )
        .bind(guild_id)
        .bind(number(turn.0))
        .bind(number(member.0))
        .bind(name.clone())
        .bind(ms(*heard))
        .bind(i64::from(*counts))
        .bind(joined_at.map_or(0, |at| at.0)),
        Record::Grab {
            turn,
            member,
            track,
            at,
        } => query(
            "insert into grab (guild_id, member_id, track_key, turn_id, track_media, track, \
             grabbed_at_ms) values ($1, $2, $3, $4, $5, $6, $7) \
             on conflict (guild_id, member_id, track_key) do nothing",
        )
        .bind(guild_id)
        .bind(number(member.0))
        .bind(track.key.0.clone())
        .bind(number(turn.0))
        .bind(track.media.0.clone())
        .bind(json(track))
        .bind(at.0),
        other => house_statement(guild_id, other),
    }
}

fn on_air_statement(
    guild_id: i64,
    turn: TurnId,
    (place, offset, title): (u32, Duration, &str),
) -> Statement<'static> {
    query(
        "insert into on_air (guild_id, turn_id, place, offset_ms, title) \
         values ($1, $2, $3, $4, $5) on conflict (guild_id, turn_id, place) do nothing",
    )
    .bind(guild_id)
    .bind(number(turn.0))
    .bind(i64::from(place))
    .bind(ms(offset))
    .bind(title.to_owned())
}

fn house_statement(guild_id: i64, record: &Record) -> Statement<'static> {
    match record {
        Record::Settings(settings) => query(
            "insert into guild_setting (guild_id, settings) values ($1, $2) \
             on conflict (guild_id) do update set settings = excluded.settings",
        )
        .bind(guild_id)
        .bind(json(settings)),
        Record::StageBan {
            member,
            banned: true,
        } => query(
            "insert into stage_ban (guild_id, member_id) values ($1, $2) on conflict do nothing",
        )
        .bind(guild_id)
        .bind(number(member.0)),
        Record::StageBan {
            member,
            banned: false,
        } => query("delete from stage_ban where guild_id = $1 and member_id = $2")
            .bind(guild_id)
            .bind(number(member.0)),
        Record::TrackBan {
            key,
            title,
            banned: true,
        } => query(
            "insert into track_ban (guild_id, track_key, title) values ($1, $2, $3) \
             on conflict do nothing",
        )
        .bind(guild_id)
        .bind(key.0.clone())
        .bind(title.clone()),
        Record::TrackBan {
            key, banned: false, ..
        } => query("delete from track_ban where guild_id = $1 and track_key = $2")
            .bind(guild_id)
            .bind(key.0.clone()),
        Record::Log {
            by,
            by_name,
            at,
            deed,
        } => query(
            "insert into deed (guild_id, done_at_ms, by_id, by_name, deed) \
             values ($1, $2, $3, $4, $5) on conflict do nothing",
        )
        .bind(guild_id)
        .bind(at.0)
        .bind(number(by.0))
        .bind(by_name.clone())
        .bind(json(deed)),
        Record::LooperHeard {
            turn,
            looper,
            heard,
            counts,
        } => query(
            "insert into looper_heard (guild_id, turn_id, member_id, heard_ms, counts) \
             values ($1, $2, $3, $4, $5) on conflict (guild_id, turn_id) do update \
             set heard_ms = excluded.heard_ms, counts = excluded.counts",
        )
        .bind(guild_id)
        .bind(number(turn.0))
        .bind(number(looper.0))
        .bind(ms(*heard))
        .bind(i64::from(*counts)),
        other => unreachable!("a record without a statement: {other:?}"),
    }
}

fn play_statement(guild_id: i64, play: &PlayRecord) -> Statement<'static> {
    let TurnId(turn) = play.turn;
    query(
        "insert into play (guild_id, turn_id, session_id, looper_id, looper_name, seat, track_key, \
         title, artist, track, began_at_ms, ended_at_ms, played_ms, ended_how, audience) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         on conflict (guild_id, turn_id) do update set ended_at_ms = excluded.ended_at_ms, \
         played_ms = excluded.played_ms, ended_how = excluded.ended_how, \
         audience = excluded.audience",
    )
    .bind(guild_id)
    .bind(number(turn))
    .bind(number(play.session.0))
    .bind(number(play.looper.0))
    .bind(play.looper_name.clone())
    .bind(i64::from(play.seat.0))
    .bind(play.track.key.0.clone())
    .bind(play.track.title.clone())
    .bind(play.track.artist.clone())
    .bind(json(&play.track))
    .bind(play.began_at.0)
    .bind(play.ended_at.map(|at| at.0))
    .bind(ms(play.played))
    .bind(play.end.as_ref().map(json))
    .bind(i64::from(play.audience))
}
