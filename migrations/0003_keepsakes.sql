-- What an evening leaves behind: pages, collections, scrobbles, and what people want hidden.

-- An address that cannot be guessed, for a session's playlist or for a collection.
create table page (
    token text primary key,
    guild_id bigint not null,
    kind text not null,
    subject_id bigint not null,
    made_by bigint not null,
    made_at_ms bigint not null,
    withdrawn_by bigint,
    withdrawn_at_ms bigint
);
-- One at a time; a withdrawn address stays dead, and the next one is another.
create unique index page_by_subject on page (guild_id, kind, subject_id)
    where withdrawn_at_ms is null;

-- Whose name is not shown on pages.
create table hidden_name (
    guild_id bigint not null,
    member_id bigint not null,
    hidden_at_ms bigint not null,
    primary key (guild_id, member_id)
);

-- The last id of a collection that was given in a guild, so that none is given twice.
create table collection_counter (
    guild_id bigint primary key,
    last_id bigint not null
);

-- A list of tracks that a member curates. Ids count per guild.
create table collection (
    guild_id bigint not null,
    collection_id bigint not null,
    member_id bigint not null,
    member_name text not null,
    name text not null,
    description text,
    created_at_ms bigint not null,
    changed_at_ms bigint not null,
    published_at_ms bigint,
    -- The moderator who took it off the shelves.
    barred_by bigint,
    primary key (guild_id, collection_id)
);
create index collection_by_member on collection (guild_id, member_id, collection_id);
create index collection_by_publishing on collection (guild_id, published_at_ms);

create table collection_track (
    guild_id bigint not null,
    collection_id bigint not null,
    place bigint not null,
    track_key text not null,
    track_media text not null,
    track text not null,
    added_at_ms bigint not null,
    primary key (guild_id, collection_id, place)
);
create index collection_track_by_key on collection_track (guild_id, track_key);

create table collection_save (
    guild_id bigint not null,
    collection_id bigint not null,
    member_id bigint not null,
    saved_at_ms bigint not null,
    primary key (guild_id, collection_id, member_id)
);
create index collection_save_by_member on collection_save (guild_id, member_id);

-- Which plays came from which collection.
create table collection_play (
    guild_id bigint not null,
    turn_id bigint not null,
    collection_id bigint not null,
    primary key (guild_id, turn_id)
);
create index collection_play_by_collection on collection_play (guild_id, collection_id);

-- The collection that a waiting track was taken from.
alter table setlist_entry add column collection_id bigint;

-- A member's account at a scrobbling service; the token is encrypted. A link is broken when the
-- service takes the token no more (revoked) or when it cannot be decrypted any more (key).
create table scrobble_link (
    member_id bigint not null,
    service text not null,
    account text not null,
    token text not null,
    locale text not null,
    linked_at_ms bigint not null,
    broken_at_ms bigint,
    broken_why text,
    trouble text,
    primary key (member_id, service)
);

-- Where a member does not want to be scrobbled.
create table scrobble_off (
    member_id bigint not null,
    guild_id bigint not null,
    off_at_ms bigint not null,
    primary key (member_id, guild_id)
);

-- What is to be submitted, or was: one row for each play somebody heard, so that none goes twice.
-- What is refused is tried no more, and its next try lies behind all time.
create table scrobble (
    member_id bigint not null,
    service text not null,
    guild_id bigint not null,
    turn_id bigint not null,
    listened_at_ms bigint not null,
    tries bigint not null,
    next_try_at_ms bigint not null,
    sent_at_ms bigint,
    refused text,
    primary key (member_id, service, guild_id, turn_id)
);
create index scrobble_by_next_try on scrobble (sent_at_ms, next_try_at_ms);

-- How much of their own play its looper heard.
create table looper_heard (
    guild_id bigint not null,
    turn_id bigint not null,
    member_id bigint not null,
    heard_ms bigint not null,
    counts bigint not null,
    primary key (guild_id, turn_id)
);
create index looper_heard_by_member on looper_heard (guild_id, member_id, turn_id);
-- What a live stream said was on during a play, in order, with where in the play that was.
create table on_air (
    guild_id bigint not null,
    turn_id bigint not null,
    place bigint not null,
    offset_ms bigint not null,
    title text not null,
    primary key (guild_id, turn_id, place)
);

-- Guilds that the bot was removed from.
create table left_guild (
    guild_id bigint primary key,
    left_at_ms bigint not null
);
