-- What was said, by whom, what we think of it, and how the sources that bring it are doing.
-- Times are microseconds since 1970 in UTC. Lists (brands, themes, cues) are one item a line.

-- One row a mention, for ever: a deleted one is emptied, never removed, so seq only rises. Long columns stand last: SQLite reads
-- a row from its start.
create table mentions (
  seq integer primary key,
  ingested integer not null,
  event integer not null,
  exact integer not null,              -- fingerprints of the text first seen; 0 = none
  near integer not null,
  content integer not null,
  original integer not null,
  history integer not null,
  deleted integer not null,
  edited integer not null,
  brands text not null,
  label text not null check (label = 'neg' or label = 'neu' or label = 'pos'),
  human text check (human = 'neg' or human = 'neu' or human = 'pos'),
  p_neg real not null check (p_neg between 0 and 1),
  p_neu real not null check (p_neu between 0 and 1),
  p_pos real not null check (p_pos between 0 and 1),
  unsure integer not null,
  lang text not null,
  themes text not null,
  cues text not null,
  drivers text not null,               -- [["word", weight], ...]
  model text not null,
  source text not null check (source <> ''),
  ext_id text not null check (ext_id <> ''),
  url text not null,
  kind text not null,
  author_id text not null,
  author_name text not null,
  author_handle text not null,
  author_followers integer,
  rating real,
  rating_min real,
  rating_max real,
  stars real,                          -- rating folded to 1..5, not rounded
  declared_lang text not null,
  created integer,
  updated integer,
  likes integer,
  shares integer,
  replies integer,
  parent text not null,
  thread text not null,
  reply_text text,
  reply_created integer,
  verified integer,
  place text not null,
  version text not null,
  late_zone integer not null,
  title text not null,
  text text not null,
  human_by text not null default '',
  unique (source, ext_id)
) strict;

create table mention_brand (
  brand text not null,
  seq integer not null references mentions (seq),
  event integer not null,
  review integer not null,             -- 1: review or survey
  primary key (brand, seq)
) strict, without rowid;
create index mention_brand_event on mention_brand (brand, event, seq);
create index mention_brand_review on mention_brand (brand, event, seq) where review = 1;

-- What an edit replaced.
create table versions (
  seq integer not null references mentions (seq),
  number integer not null,
  replaced integer not null,
  title text not null,
  text text not null,
  rating real,
  rating_min real,
  rating_max real,
  reply_text text,
  content integer not null,
  label text not null,
  human text,
  p_neg real not null,
  p_neu real not null,
  p_pos real not null,
  primary key (seq, number)
) strict, without rowid;

-- The same unreadable record comes back with every poll: it is one row.
create table rejected (
  id integer primary key,
  source text not null,
  digest integer not null,
  reason text not null,
  bytes blob not null,
  first_at integer not null,
  at integer not null,
  times integer not null default 1,
  unique (source, digest)
) strict;

create table hourly (
  brand text not null,
  hour integer not null,
  total integer not null,
  negatives integer not null,
  primary key (brand, hour)
) strict, without rowid;

-- Who was already counted among an hour's negatives; kept for the last days only, older hours are counted again from the mentions.
create table hour_authors (
  brand text not null,
  hour integer not null,
  author integer not null,
  primary key (brand, hour, author)
) strict, without rowid;

create table cursors (
  source text primary key,
  value text not null
) strict, without rowid;

create table sources (
  source text primary key,
  state text not null default 'new',
  last_try integer,
  last_success integer,
  next_try integer,
  failures integer not null default 0,
  polls integer not null default 0,
  error text not null default '',
  mentions integer not null default 0,
  rejected integer not null default 0,
  last_item integer,
  newest_event integer
) strict, without rowid;

create table settings (
  key text primary key,
  value text not null
) strict, without rowid;

create table tokens (
  hash text not null,
  purpose text not null,
  expires integer not null,
  primary key (hash, purpose)
) strict, without rowid;
