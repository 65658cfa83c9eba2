-- What is kept about one person is found without reading everything that a guild has. Indexes that
-- begin with the guild are enough, since a person's guilds are known; only what few rows hold has one
-- more, so that ratings and hearings cost no more to write than before.

-- Ratings that somebody has voided.
create index rating_by_voider on rating (guild_id, voided_by) where voided_by is not null;

-- Plays whose end names a member: who skipped it.
create index play_by_skip on play (guild_id, turn_id) where ended_how like '%"member":%';

create index comment_by_member on comment (guild_id, member_id, said_at_ms);
