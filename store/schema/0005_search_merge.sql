-- Every batch leaves one segment in the index. Merging sixteen of a level instead of four copies each word half as often on its way;
-- a search looks into a few segments more.
insert into mention_words (mention_words, rank) values ('automerge', 16);
insert into mention_words (mention_words, rank) values ('crisismerge', 64);
