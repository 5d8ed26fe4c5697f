-- Erasing takes several steps, some of them outside the database: each erasure is followed here until its last trace is gone. What was
-- erased is not here; only what it was.
create table erasures (
  number integer primary key autoincrement,
  asked integer not null,
  brand text not null default '',      -- of the review; '' = it was no review
  leaf integer,
  source text not null default '',     -- of the mention that carried it
  mention text not null default '',
  seq integer,                         -- of that mention; null = it is not stored
  event integer,                       -- by this and its source, quotes of it are known
  messages text not null default '',   -- notifications that told of it, one a line: some are files too
  step text not null default 'watch' check (step = 'watch' or step = 'files' or step = 'bytes' or step = 'look' or step = 'done')
) strict;
create index erasures_going_on on erasures (number) where step <> 'done';

-- Erased while it was still on its way, or gone without a trace: it is not stored when it comes.
create table unwelcome (
  source text not null,
  ext_id text not null,
  at integer not null,
  primary key (source, ext_id)
) strict, without rowid;
