-- Whom the surveys ask. Addresses stand in survey_contacts alone and are emptied when they are no longer needed; what is
-- kept holds keyed hashes of them.
create table survey_contacts (
  id integer primary key,
  brand text not null,
  reference text not null,
  address text not null,
  name text not null,
  lang text not null,
  asked integer not null                    -- last time they were invited to anything
) strict;

create table survey_contact_keys (
  key blob primary key check (length(key) = 32),
  contact integer not null references survey_contacts (id)
) strict, without rowid;
create index survey_contact_keys_of on survey_contact_keys (contact);

create table survey_batches (
  id integer primary key,
  survey text not null,
  channel text not null,
  created integer not null,
  sent integer not null,
  eligible integer not null,
  leaf integer                              -- of its inv; null = nothing is logged of this survey
) strict;

create table survey_invitations (
  id integer primary key,
  batch integer not null references survey_batches (id),
  contact integer not null references survey_contacts (id),
  survey text not null,
  event text not null,
  token blob not null unique check (length(token) = 32),
  seed blob not null,
  nullifier blob not null,
  channel text not null,
  lang text not null,
  place text not null,
  order_number text not null,
  experienced integer not null,
  exempt text not null,
  created integer not null,
  due integer not null,
  expires integer not null,
  sent integer,
  reminded integer,
  bounced integer,
  started integer,
  answered integer,
  opted_out integer,
  unique (survey, event)
) strict;
create index survey_invitations_created on survey_invitations (survey, created);
create index survey_invitations_contact on survey_invitations (contact);

create table survey_suppressions (
  brand text not null,                      -- '' = every one
  key blob not null,
  why text not null,
  at integer not null,
  primary key (key, brand)
) strict, without rowid;

create table survey_consents (
  number integer primary key,
  brand text not null,
  key blob not null,
  basis text not null,
  wording text not null,
  version text not null,
  how text not null,
  evidence text not null,
  by text not null,
  at integer not null
) strict;
create index survey_consents_of on survey_consents (key, number);
create trigger survey_consents_keep before update on survey_consents begin
  select raise(abort, 'consents are append-only');
end;
create trigger survey_consents_stay before delete on survey_consents begin
  select raise(abort, 'consents are append-only');
end;

-- Answers that are not for the wall, a row a version; the last one of an answer counts.
create table survey_answers (
  number integer primary key,
  id integer not null,                      -- number of its first version
  survey text not null,
  origin text not null,
  channel text not null,
  place text not null,
  lang text not null,
  scale text not null,
  invitation blob,
  rating integer not null,
  body text not null,
  author text not null,
  experienced text not null,
  tell integer not null,
  contact text not null,
  marks text not null,
  at integer not null,
  received integer not null                 -- of the first version
) strict;
create index survey_answers_of on survey_answers (id, number);
create index survey_answers_invitation on survey_answers (invitation, number) where invitation is not null;
create index survey_answers_received on survey_answers (survey, received);
