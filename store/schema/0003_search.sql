-- Full text over title and text, accents and case ignored. The words only: the text stays in its mention. No positions and no
-- document sizes are kept (nothing asks for phrases or ranks), which halves the index and the time to write it.
-- Rows are written by the store after each batch; a trigger would cost three times as much.
create virtual table mention_words using fts5 (
  title, text,
  content = 'mentions', content_rowid = 'seq',
  tokenize = 'unicode61 remove_diacritics 2',
  detail = none, columnsize = 0
);
insert into mention_words (mention_words) values ('rebuild');
