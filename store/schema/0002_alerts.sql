-- What the watch remembers, the incidents it opened, and the messages owed for them.

create table watch (
  id integer primary key check (id = 1),
  taken integer not null,              -- seq of the last mention taken
  state blob not null
) strict;

create table incidents (
  id text primary key,
  brand text not null,
  kind text not null,
  state text not null,
  opened integer not null,
  body text not null                   -- the whole incident, JSON
) strict, without rowid;
create index incidents_opened on incidents (opened);
-- At most one story per brand and kind is being told.
create unique index incidents_unclosed on incidents (brand, kind) where state not in ('closed', 'discarded');

create table transitions (
  incident text not null references incidents (id),
  seq integer not null,
  at integer not null,
  event text not null,
  from_state text not null,
  to_state text not null,
  actor text not null,
  reason text not null,
  primary key (incident, seq)
) strict, without rowid;
create trigger transitions_keep before update on transitions begin
  select raise(abort, 'transitions are append-only');
end;
create trigger transitions_stay before delete on transitions begin
  select raise(abort, 'transitions are append-only');
end;

create table signals (
  id text primary key,
  brand text not null,
  at integer not null,
  body text not null
) strict, without rowid;

create table notifications (
  id text primary key,
  subject_kind text not null,
  subject_id text not null,
  seq integer not null,
  purpose text not null,
  endpoint text not null,
  recipient text not null,
  document text not null,
  state text not null,
  created integer not null,
  due integer not null,
  attempts integer not null,
  claim_no integer not null,
  lease_until integer,
  remote_id text not null,
  last_error text not null
) strict;
create index notifications_due on notifications (state, due);
create index notifications_order on notifications (subject_id, endpoint, seq, created);
create index notifications_created on notifications (created);
