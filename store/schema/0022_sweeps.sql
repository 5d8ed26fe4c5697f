-- A look with age 0 goes through all mentions of a source, again and again.
alter table looks add column begun integer;  -- when it began or will begin at the first mention; null: not such a look
