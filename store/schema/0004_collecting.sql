-- What collecting politely needs to remember: pace, allowances, ceilings, moved addresses, where looking again has come to, and what
-- a source's terms allow to keep.

alter table mentions add column native text not null default '';     -- what the source's API calls it, '' = ext_id
alter table mentions add column erased integer not null default 0;   -- text and author taken out because the terms ask for it

-- A source's mentions in order of seq: looking again and erasing walk along it.
create index mentions_source on mentions (source);

alter table sources add column network text not null default '';     -- its definition; '' = none
alter table sources add column keep_text integer not null default 1;
alter table sources add column keep_for integer;
alter table sources add column attribution text not null default '';
alter table sources add column erased_to integer not null default 0; -- seq
alter table sources add column failing_since integer;
alter table sources add column notices text not null default '[]';   -- what to tell of it: [{"code", slots...}, ...]

-- Mentions of a source by the day they were written: its pace, and whether it has fallen silent.
create table arrivals (
  source text not null,
  day integer not null,
  items integer not null,
  primary key (source, day)
) strict, without rowid;
insert into arrivals (source, day, items)
  select source, event - event % 86400000000, count(*) from mentions
  where event >= (select max(event) from mentions) - 5184000000000 group by 1, 2;

-- Requests left of what a network allows, shared by the sources of one credential.
create table allowances (
  name text primary key,
  tokens real not null,
  at integer not null,                 -- when there were that many
  rest_until integer not null
) strict, without rowid;

-- Items read from networks that charge for them.
create table spending (
  name text not null,
  period integer not null,             -- its start
  items integer not null,
  primary key (name, period)
) strict, without rowid;

-- Addresses that a server says have moved for good.
create table moves (
  source text primary key,
  old_url text not null,
  new_url text not null,
  first_at integer not null,
  polls integer not null,
  used_since integer                   -- null: not yet believed
) strict, without rowid;

-- Up to where a source's mentions were looked at again, for each age.
create table looks (
  source text not null,
  age integer not null,
  seq integer not null,
  held_until integer,                  -- most of a page was missing: asked again then
  held_to integer not null default 0,  -- the page's last seq
  believed_until integer,              -- a page confirmed missing: further ones are believed until then
  primary key (source, age)
) strict, without rowid;

-- Sources asked twice as often for a while: something is being said.
create table hurried (
  source text primary key,
  until integer not null
) strict, without rowid;
