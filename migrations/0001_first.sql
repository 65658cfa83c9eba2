-- The first house. Portable between SQLite and PostgreSQL: bigint, text, flags as 0 and 1, moments
-- as milliseconds since 1970 in columns that end in _at_ms. Ids are made by the application.

create table guild_setting (
    guild_id bigint primary key,
    settings text not null
);

-- The open stage of a guild, as JSON, and where its running turn is.
create table standing (
    guild_id bigint primary key,
    standing text not null,
    turn_id bigint not null default 0,
    position_ms bigint not null default 0
);

create table setlist_entry (
    guild_id bigint not null,
    member_id bigint not null,
    place bigint not null,
    entry_id bigint not null,
    track_media text not null,
    track text not null,
    added_at_ms bigint not null,
    primary key (guild_id, member_id, place)
);

create table session (
    guild_id bigint not null,
    session_id bigint not null,
    channel_id bigint not null,
    host_id bigint not null,
    theme text,
    opened_at_ms bigint not null,
    closed_at_ms bigint,
    why text,
    primary key (guild_id, session_id)
);

create table play (
    guild_id bigint not null,
    turn_id bigint not null,
    session_id bigint not null,
    looper_id bigint not null,
    looper_name text not null,
    seat bigint not null,
    track_key text not null,
    title text not null,
    artist text,
    track text not null,
    began_at_ms bigint not null,
    ended_at_ms bigint,
    played_ms bigint not null,
    ended_how text,
    audience bigint not null,
    primary key (guild_id, turn_id)
);
create index play_by_session on play (guild_id, session_id, turn_id);
create index play_by_track on play (guild_id, track_key, turn_id);
create index play_by_looper on play (guild_id, looper_id, began_at_ms);
create index play_by_time on play (guild_id, began_at_ms);

create table rating (
    guild_id bigint not null,
    turn_id bigint not null,
    rater_id bigint not null,
    stars bigint not null,
    way text not null,
    rated_at_ms bigint not null,
    counts bigint not null,
    voided_by bigint,
    voided_at_ms bigint,
    primary key (guild_id, turn_id, rater_id)
);
create index rating_by_rater on rating (guild_id, rater_id, rated_at_ms);

create table comment (
    guild_id bigint not null,
    turn_id bigint not null,
    member_id bigint not null,
    said_at_ms bigint not null,
    member_name text not null,
    offset_ms bigint not null,
    words text not null,
    message_id bigint,
    primary key (guild_id, turn_id, member_id, said_at_ms)
);

create table heard (
    guild_id bigint not null,
    turn_id bigint not null,
    member_id bigint not null,
    member_name text not null,
    heard_ms bigint not null,
    counts bigint not null,
    primary key (guild_id, turn_id, member_id)
);
create index heard_by_member on heard (guild_id, member_id, turn_id);

create table grab (
    guild_id bigint not null,
    member_id bigint not null,
    track_key text not null,
    turn_id bigint not null,
    track_media text not null,
    track text not null,
    grabbed_at_ms bigint not null,
    primary key (guild_id, member_id, track_key)
);
create index grab_by_turn on grab (guild_id, turn_id);

create table stage_ban (
    guild_id bigint not null,
    member_id bigint not null,
    primary key (guild_id, member_id)
);

create table track_ban (
    guild_id bigint not null,
    track_key text not null,
    title text not null,
    primary key (guild_id, track_key)
);

-- What moderators and hosts did.
create table deed (
    guild_id bigint not null,
    done_at_ms bigint not null,
    by_id bigint not null,
    by_name text not null,
    deed text not null,
    primary key (guild_id, done_at_ms, by_id, deed)
);

-- Which message is whose card; without a turn while nothing plays.
create table card (
    message_id bigint primary key,
    guild_id bigint not null,
    channel_id bigint not null,
    turn_id bigint not null,
    posted_at_ms bigint not null
);
create index card_by_guild on card (guild_id, posted_at_ms);

-- What the process remembers of itself, by name.
create table memo (
    name text primary key,
    value text not null
);
