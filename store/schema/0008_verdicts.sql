-- What people said of incidents, one row an act, never changed. The last one of an incident is what stands.
create table verdicts (
  number integer primary key,
  incident text not null references incidents (id),
  at integer not null,
  by text not null,
  word text check (word = 'useful' or word = 'false' or word = 'normal')  -- null: taken back
) strict;
create index verdicts_of on verdicts (incident, number);
create trigger verdicts_keep before update on verdicts begin
  select raise(abort, 'verdicts are append-only');
end;
create trigger verdicts_stay before delete on verdicts begin
  select raise(abort, 'verdicts are append-only');
end;

alter table watch add column verdicts integer not null default 0;  -- number of the last verdict taken
