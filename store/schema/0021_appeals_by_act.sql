-- A change of a mention concerns a review only where the review was collected: what is written on the wall itself has
-- its mention made from it, and would otherwise follow itself.
drop trigger mention_changed;
create trigger mention_changed after update of content, deleted, erased on mentions
when (new.content <> old.content or new.deleted <> old.deleted or new.erased <> old.erased)
  and exists (select 1 from reviews where source = new.source and mention = new.ext_id and channel = 'import')
begin
  insert into review_changes (seq) values (new.seq);
end;
delete from review_changes where seq not in (
  select m.seq from mentions m join reviews r on r.source = m.source and r.mention = m.ext_id where r.channel = 'import');

-- An objection is to one decision: a later decision on the same version can be contested as well.
alter table appeals add column act integer not null default 0;
update appeals set act = coalesce((
  select max(a.number) from review_acts a where a.review = appeals.review and a.version = appeals.version
    and a.act in ('refuse', 'hide', 'mask') and a.at <= appeals.at), 0);
drop index appeals_waiting;
-- One at a time for a decision.
create unique index appeals_waiting on appeals (review, version, act) where outcome = '';
