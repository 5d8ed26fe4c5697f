-- The transparency log of each wall. Entries are written once; tiles and checkpoint files derive from them.
create table log_walls (
  number integer primary key,
  wall text not null unique,
  size integer not null default 0,
  time integer not null default 0,          -- of the last entry, seconds: never decreases
  promised_size integer not null default 0, -- the tree that is about to be signed, or was
  promised_root blob not null default x''
) strict;

create table log_leaves (
  place integer primary key,                -- wall's number * 2^40 + index
  bytes blob not null check (length(bytes) between 1 and 65535),
  hash blob not null check (length(hash) = 32)
) strict;
create trigger log_leaves_keep before update on log_leaves begin
  select raise(abort, 'the log is append-only');
end;
create trigger log_leaves_stay before delete on log_leaves begin
  select raise(abort, 'the log is append-only');
end;

-- What must be logged once alone: an invitation's answer, a key's rotation.
create table log_once (
  wall integer not null references log_walls (number),
  mark text not null,
  idx integer not null,
  primary key (wall, mark)
) strict, without rowid;

create table log_checkpoints (
  wall integer not null references log_walls (number),
  size integer not null,
  at integer not null,
  note text not null,
  primary key (wall, size)
) strict, without rowid;

create table log_cosignatures (
  wall integer not null references log_walls (number),
  size integer not null,
  witness text not null,
  at integer not null,
  line text not null,
  primary key (wall, size, witness)
) strict, without rowid;
create index log_cosignatures_of on log_cosignatures (wall, witness, size);
