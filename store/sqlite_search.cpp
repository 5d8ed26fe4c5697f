#include "store/sqlite_search.h"

#include <sqlite3.h>

namespace vigie {
namespace {

constexpr int kMostWords = 32;

struct Expression {
  std::string text;
  int words = 0;
};

int add_word(void* context, int /*flags*/, const char* word, int size, int /*start*/, int /*end*/) {
  auto& expression = *static_cast<Expression*>(context);
  if (expression.words == kMostWords) return SQLITE_DONE;
  if (expression.words++ > 0) expression.text += ' ';  // side by side: all of them
  expression.text += '"';
  for (const char c : std::string_view(word, static_cast<std::size_t>(size))) {
    if (c == '"') expression.text += '"';
    expression.text += c;
  }
  expression.text += '"';
  return SQLITE_OK;
}

// How FTS5 hands out its interface: https://www.sqlite.org/fts5.html#extending_fts5
fts5_api* find_fts5(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "select fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  return api;
}

}  // namespace

Result<std::string> fts5_expression(sqlite3* database, std::string_view words) {
  fts5_api* api = find_fts5(database);
  void* context = nullptr;
  fts5_tokenizer tokenizer{};
  if (!api || api->xFindTokenizer(api, "unicode61", &context, &tokenizer) != SQLITE_OK) {
    return fail(ErrorKind::bug, "this SQLite was built without FTS5: searching is not possible");
  }
  const char* options[] = {"remove_diacritics", "2"};  // as in store/schema/0003_search.sql
  Fts5Tokenizer* instance = nullptr;
  if (tokenizer.xCreate(context, options, 2, &instance) != SQLITE_OK) {
    return fail(ErrorKind::transient, "out of memory while reading a search");
  }
  Expression expression;
  tokenizer.xTokenize(instance, &expression, FTS5_TOKENIZE_QUERY, words.data() ? words.data() : "",
                      static_cast<int>(words.size()), add_word);
  tokenizer.xDelete(instance);
  return std::move(expression.text);
}

}  // namespace vigie
