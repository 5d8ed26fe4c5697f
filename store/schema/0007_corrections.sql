-- What people said of the machine's labels, one row an act, never changed: who, when, what the machine said then, and with which model.
-- The mention's own columns hold what counts now. No text stands here: what is erased there is erased.
create table corrections (
  number integer primary key,
  seq integer not null references mentions (seq),
  at integer not null,
  by text not null,
  machine text not null check (machine = 'neg' or machine = 'neu' or machine = 'pos'),
  model text not null,
  label text check (label = 'neg' or label = 'neu' or label = 'pos')  -- the machine's own: confirmed; null: taken back
) strict;
create index corrections_of on corrections (seq, number);
create index mentions_labelled on mentions (seq) where human is not null;
