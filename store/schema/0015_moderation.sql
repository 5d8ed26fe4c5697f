-- What surrounds the reviews: checks, replies, improvements, notices, appeals, evidence.

-- What the automatic checks made of a version. `spans` holds places, never words: "FIELD FROM TO KIND" a line.
create table review_checks (
  review integer not null references reviews (id),
  version integer not null,
  at integer not null,
  marks text not null,
  spans text not null,
  held integer not null,
  print integer not null,               -- of the text; 0 = too short to tell copies by
  primary key (review, version)
) strict, without rowid;
create index review_checks_print on review_checks (print) where print <> 0;

-- Mentions that were adopted as reviews and changed since at their source: a queue.
create table review_changes (
  number integer primary key autoincrement,
  seq integer not null
) strict;
create trigger mention_changed after update of content, deleted, erased on mentions
when (new.content <> old.content or new.deleted <> old.deleted or new.erased <> old.erased)
  and exists (select 1 from reviews where source = new.source and mention = new.ext_id)
begin
  insert into review_changes (seq) values (new.seq);
end;
create trigger mention_renamed after update of ext_id on mentions when new.ext_id <> old.ext_id
begin
  update reviews set mention = new.ext_id where source = new.source and mention = old.ext_id;
end;

create table replies (
  id integer primary key,
  brand text not null,
  review integer not null references reviews (id),
  ref integer not null,
  leaf integer not null,
  by text not null,
  source text not null,
  at integer not null,
  withdrawn integer,
  withdrawn_leaf integer not null default -1
) strict;
create index replies_of on replies (review, id);

create table improvements (
  id integer primary key,
  brand text not null,
  leaf integer not null,
  theme text not null,
  state text not null,
  effect text not null default '',      -- JSON
  unique (brand, leaf)
) strict;

create table improvement_steps (
  improvement integer not null references improvements (id),
  leaf integer not null,
  state text not null,
  at integer not null,
  by text not null,
  primary key (improvement, leaf)
) strict, without rowid;

create table improvement_refs (
  improvement integer not null references improvements (id),
  ref integer not null,
  review integer not null references reviews (id),
  asked integer,                        -- when its author was told
  worked integer,                       -- 1 it did, 0 it did not
  answered integer,
  primary key (improvement, ref)
) strict, without rowid;
create index improvement_refs_of on improvement_refs (review);

-- Values and keys of replies and of steps of improvements, by entry.
create table wall_fields (
  brand text not null,
  leaf integer not null,
  field integer not null,
  value text not null,
  key blob not null,
  primary key (brand, leaf, field)
) strict, without rowid;
create trigger wall_fields_keep before update on wall_fields begin
  select raise(abort, 'what was answered in public is never edited');
end;

create table notices (
  id integer primary key,
  brand text not null,
  review integer not null references reviews (id),
  ref integer not null,
  kind text not null,
  code text not null,
  reason text not null,
  url text not null,
  name text not null,
  mail text not null,
  language text not null,
  status blob not null,
  at integer not null,
  outcome text not null default '',
  words text not null default '',
  by text not null default '',
  decided integer
) strict;
create index notices_of on notices (review);
create index notices_waiting on notices (at) where outcome = '';
create unique index notices_status on notices (status);

create table appeals (
  id integer primary key,
  review integer not null references reviews (id),
  version integer not null,
  words text not null,
  decided_by text not null,
  at integer not null,
  outcome text not null default '',
  by text not null default '',
  answer text not null default '',
  decided integer
) strict;
create index appeals_of on appeals (review);
-- One at a time for a version.
create unique index appeals_waiting on appeals (review, version) where outcome = '';

create table evidence (
  id integer primary key,
  brand text not null,
  review integer not null,
  ref integer not null,
  version integer not null,
  code text not null,
  at integer not null,
  until integer not null,
  box blob not null
) strict;
create index evidence_until on evidence (until);

-- What authors and senders of notices were told, and how: by a message, or on a page alone.
create table told (
  review integer not null,
  about text not null,                  -- act:NUMBER appeal:ID notice:ID notice-decided:ID
  at integer not null,
  how text not null,                    -- mail page
  primary key (review, about)
) strict, without rowid;
create index review_acts_withholding on review_acts (number) where act in ('refuse', 'hide', 'mask');
