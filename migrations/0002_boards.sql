-- Fair leaderboards: since when a listener was a member, and what boards are read from.

-- Since when the listener was a member of the guild; 0 where it is not known, which counts as long.
alter table heard add column joined_at_ms bigint not null default 0;

-- Plays of which something was kept since the boards last looked at them; turn 0 is the guild
-- itself. `marks` grows, so that what comes while they look is not lost.
create table board_mark (
    guild_id bigint not null,
    turn_id bigint not null,
    marks bigint not null,
    primary key (guild_id, turn_id)
);

-- The listeners of an ended play with what they gave, in one text (see storage/boards/voices.rs).
create table board_play (
    guild_id bigint not null,
    turn_id bigint not null,
    voices text not null,
    primary key (guild_id, turn_id)
);

-- When a guild's boards were made, and from what.
create table board_guild (
    guild_id bigint primary key,
    made_at_ms bigint not null,
    newest_at_ms bigint not null,
    expected_a double precision not null,
    expected_b double precision not null
);
create index board_guild_by_age on board_guild (made_at_ms);

create table board_sheet (
    guild_id bigint not null,
    board text not null,
    period text not null,
    listed bigint not null,
    unlisted bigint not null,
    primary key (guild_id, board, period)
);

-- Ten lines of a board, as JSON; pages count from 0.
create table board_page (
    guild_id bigint not null,
    board text not null,
    period text not null,
    page bigint not null,
    lines text not null,
    primary key (guild_id, board, period, page)
);

-- Where one member stands on every board, as JSON.
create table board_own (
    guild_id bigint not null,
    member_id bigint not null,
    places text not null,
    primary key (guild_id, member_id)
);

-- Everything that was played before this is looked at once.
insert into board_mark (guild_id, turn_id, marks)
select guild_id, turn_id, 1 from play where ended_at_ms is not null;
