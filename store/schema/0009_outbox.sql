-- Messages owed, as their whole machine needs them; and how the endpoints are doing.

alter table notifications add column ripe integer not null default 0;
alter table notifications add column held_until integer;
alter table notifications add column reason text not null default '';
alter table notifications add column detail text not null default '';
alter table notifications add column first_error integer;
alter table notifications add column last_code text not null default '';
alter table notifications add column repeated integer not null default 0;
alter table notifications add column stands_for text not null default '';
-- When the message may be claimed: only the first of its subject and endpoint that has not ended has one.
alter table notifications add column wake integer;

update notifications set ripe = due;
drop index notifications_due;
create index notifications_pending on notifications (subject_id, endpoint, seq, created, id)
  where state in ('held', 'ready', 'claimed', 'wait');
create unique index notifications_head on notifications (subject_id, endpoint) where wake is not null;
create index notifications_wake on notifications (endpoint, wake, created, seq, id) where wake is not null;
create index notifications_state on notifications (state, ripe);
create index notifications_stand_in on notifications (stands_for) where stands_for <> '';

update notifications set wake = case state when 'claimed' then lease_until when 'held' then held_until else due end
where state in ('held', 'ready', 'claimed', 'wait') and not exists (
  select 1 from notifications e where e.subject_id = notifications.subject_id and e.endpoint = notifications.endpoint
  and (e.seq, e.created, e.id) < (notifications.seq, notifications.created, notifications.id)
  and e.state in ('held', 'ready', 'claimed', 'wait'));

-- Apart, so that a change of state does not write a message's bytes again.
create table payloads (
  notification text primary key,
  bytes blob not null
) strict;

create table endpoints (
  id text primary key,
  turn integer not null,             -- number of its last claim: who waited longest is next
  busy_until integer not null,       -- lease of the one message on its way; 0 = none is
  paced_until integer not null,      -- its paces allow no message before
  circuit text not null,
  failures integer not null,
  window_start integer not null,
  tried integer not null,
  failed integer not null,
  ill_since integer,
  open_for integer not null,
  open_until integer not null,
  blocked_until integer not null,
  reason text not null,
  changed integer not null,
  told integer not null,
  diverted integer not null,
  address text not null
) strict;
create index endpoints_turn on endpoints (turn, id);
insert into endpoints select distinct endpoint, 0, 0, 0, 'closed', 0, 0, 0, 0, null, 0, 0, 0, '', 0, 0, 0, ''
from notifications;

-- When something was sent, for endpoints that have paces; kept as long as their longest.
create table paced_sends (
  endpoint text not null,
  at integer not null
) strict;
create index paced_sends_at on paced_sends (endpoint, at);

-- What people did with messages that had ended, and why.
create table outbox_acts (
  at integer not null,
  notification text not null,
  by text not null,
  act text not null,
  reason text not null
) strict;
create index outbox_acts_of on outbox_acts (notification, at);
create trigger outbox_acts_keep before update on outbox_acts begin
  select raise(abort, 'acts are append-only');
end;
create trigger outbox_acts_stay before delete on outbox_acts begin
  select raise(abort, 'acts are append-only');
end;
