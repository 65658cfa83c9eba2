-- A session that a member has sent to a scrobbling service as a playlist, so that sending it again
-- changes that one. Of each of their accounts there.
create table sent_playlist (
    member_id bigint not null,
    account text not null,
    guild_id bigint not null,
    session_id bigint not null,
    playlist_mbid text not null,
    made_at_ms bigint not null,
    primary key (member_id, account, guild_id, session_id)
);
