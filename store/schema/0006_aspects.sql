-- What a text says of each of the brands or themes it speaks of, where that differs from the whole:
-- [{"brand": "acme", "p_neg": 0.8, "p_neu": 0.1, "p_pos": 0.1, "label": "neg"}, {"theme": "delivery", ...}]. No text stands in it.
alter table mentions add column aspects text not null default '[]';
-- The stars and the words say opposite things.
alter table mentions add column contradiction integer not null default 0;
