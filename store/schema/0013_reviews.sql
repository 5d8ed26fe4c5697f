-- Reviews of the walls, each with its entries in the wall's log. Values and keys have tables of their own: erasing
-- empties them, and keys can be backed up apart.
create table reviews (
  id integer primary key,
  brand text not null,
  leaf integer not null,                    -- of its sub
  survey text not null default '',
  origin text not null,
  channel text not null,
  scale text not null,
  lang text not null default '',
  incentive text not null,
  verified text not null,
  received integer not null,
  state text not null,
  lock blob not null,
  secret_by text not null,
  receipt blob,                             -- SHA-256
  invitation blob,
  contact text not null default '',
  tell integer not null default 0,
  marks text not null default '',
  source text,
  mention text,
  shown integer,                            -- leaf of the version on the wall; null = none
  rating integer,                           -- of that version
  undecided integer not null default 1,     -- versions that wait for their decision
  unique (brand, leaf)
) strict;
create unique index reviews_receipt on reviews (receipt) where receipt is not null;
create unique index reviews_invitation on reviews (invitation) where invitation is not null;
create unique index reviews_mention on reviews (source, mention) where mention is not null;
create index reviews_wall on reviews (brand, received, id) where shown is not null;
create index reviews_waiting on reviews (received, id) where undecided > 0;

create table review_versions (
  review integer not null references reviews (id),
  leaf integer not null,
  at integer not null,
  rating integer,
  state text not null,
  deadline integer not null,
  decided integer,
  published integer,
  code text not null default '',
  masked integer not null default 0,
  masked_text text not null default '',
  primary key (review, leaf)
) strict, without rowid;

create index review_versions_due on review_versions (deadline) where state = 'waiting';

create table review_values (
  review integer not null,
  leaf integer not null,
  field integer not null,
  value text not null,
  primary key (review, leaf, field)
) strict, without rowid;

create table review_keys (
  review integer not null,
  leaf integer not null,
  field integer not null,
  key blob not null,
  primary key (review, leaf, field)
) strict, without rowid;
-- What an author wrote is written once: there is no way to edit it but to take it away.
create trigger review_values_keep before update on review_values begin
  select raise(abort, 'a review is never edited');
end;
create trigger review_keys_keep before update on review_keys begin
  select raise(abort, 'a review is never edited');
end;

create table review_acts (
  number integer primary key,
  review integer not null references reviews (id),
  version integer not null,
  leaf integer not null,
  act text not null,
  code text not null default '',
  words text not null default '',
  by text not null,
  who text not null default '',
  at integer not null,
  masked integer not null default 0,
  masked_text text not null default ''
) strict;
create index review_acts_of on review_acts (review, number);

create table wall_snapshots (
  brand text primary key,
  size integer not null,
  at integer not null,
  json text not null
) strict, without rowid;
