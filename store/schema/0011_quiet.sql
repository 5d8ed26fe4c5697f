-- When messages wait: silences, what each person's budget has left, and what goes into whose digest.

-- Never deleted: who silenced what, and why, is asked afterwards.
create table silences (
  id integer primary key,
  over_at integer not null,            -- its end, or when somebody ended it
  body text not null                   -- the whole silence, JSON
) strict;
create index silences_over on silences (over_at);
create trigger silences_stay before delete on silences begin
  select raise(abort, 'silences are kept');
end;

create table buckets (
  name text primary key,               -- person, lane, brand
  body text not null
) strict, without rowid;

-- Messages that were counted against a bucket, so that another try is not counted again.
create table passed (
  notification text primary key,
  at integer not null
) strict, without rowid;
create index passed_at on passed (at);

create table held_back (
  notification text primary key,
  person text not null,
  endpoint text not null,
  incident text not null,
  brand text not null,
  purpose text not null,
  reason text not null,
  severity integer not null,
  at integer not null,
  digest text                          -- subject of the digest that tells it; null: none yet
) strict, without rowid;
create index held_back_waiting on held_back (person, at) where digest is null;

create table digests (
  person text primary key,
  told integer not null                -- end of the period that the last digest is about
) strict, without rowid;
