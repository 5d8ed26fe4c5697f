-- What people do with incidents, carried out by the watch in their order.

create table acts (
  number integer primary key autoincrement,
  id text not null unique,
  incident text not null references incidents (id),
  kind text not null,
  by text not null,
  reason text not null,
  value text not null,
  at integer not null,
  outcome text not null default ''
) strict;
create index acts_incident on acts (incident, number);

alter table watch add column acts integer not null default 0;  -- number of the last act carried out

-- Endpoints whose reader no longer wants messages about a brand.
create table unsubscribed (
  endpoint text not null,
  brand text not null,
  by text not null,
  at integer not null,
  primary key (endpoint, brand)
) strict, without rowid;
