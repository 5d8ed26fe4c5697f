// A source definition as read and checked: what definition_read.cpp fills in and the rest of the engine runs.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "collectors/condition.h"
#include "collectors/definition.h"
#include "collectors/definition_template.h"
#include "collectors/path.h"

namespace vigie {

class Definition {
 public:
  struct Param {
    std::string name;
    std::string type;  // text host url id lang
    bool optional = false;
  };

  struct Secret {
    std::string name;
    bool optional = false;
  };

  struct Auth {
    enum class Style { none, query, header, bearer };
    Style style = Style::none;
    std::string name;  // of the query parameter or header
    definition::Template token;
  };

  struct Request {
    definition::Template url;
    std::vector<std::pair<std::string, definition::Template>> query, headers;
  };

  // Where a page number, offset, token or time goes when no template names it: "query.page".
  struct Page {
    enum class Style { none, number, offset, token };
    Style style = Style::none;
    std::string query;                      // name of the query parameter; "" = a template has {page}
    int start = 0;                          // number of the first page
    int size = 0;                           // items a page: what an offset grows by
    int max = 20;                           // pages a window
    std::optional<definition::Path> last;   // count of pages
    std::optional<definition::Path> total;  // count of items
    std::optional<definition::Path> at;     // the next token
    std::optional<definition::Path> more;   // false = no further page
  };

  struct Since {
    enum class Style { full, server_time };
    enum class Format { epoch, epoch_ms, iso };
    Style style = Style::full;
    std::string query;  // name of the query parameter; "" = a template has {since}
    Format format = Format::epoch;
    Duration overlap = minutes(15);
    Duration first = 7 * kDay;      // how far the first run looks back
    std::optional<Duration> slice;  // length of a window
    bool newest_first = true;
    bool bounded = false;  // the request has {until}
  };

  struct Limits {
    Duration every_min = minutes(1), every_max = hours(6);
    std::string rate;  // "60/1m": the collector's pause per host is stricter in this version
  };

  struct ErrorRule {
    enum class Do { retry, wait, skip, gone, suspend, end, fail };
    std::vector<int> status;                    // empty = any
    std::optional<definition::Condition> body;  // of the answer
    std::string body_text;                      // the same as written, for the error
    std::optional<definition::Condition> when;  // of {"page": N, "status": N}
    Do action = Do::fail;
    std::optional<Duration> wait;             // of wait, when the answer does not say
    std::optional<definition::Path> wait_at;  // seconds, in the answer
  };

  struct Recheck {  // kept for the loop that will look for edits and deletions
    definition::Template url;
    int batch = 1;
    std::optional<definition::Path> at, id;
    std::string gone;  // "missing", "status" or a condition
    std::vector<Duration> after;
  };

  struct Terms {
    bool keep_text = true;
    std::optional<int> keep_days;
    std::string attribution;
    std::optional<Duration> delete_within;
  };

  std::string id, name, kind;
  int version = 1;
  std::vector<Param> params;
  std::vector<Secret> secrets;
  Auth auth;
  Request request;
  Page page;
  Since since;
  Limits limits;
  std::vector<ErrorRule> errors;
  definition::Path items;
  std::optional<definition::Condition> where;
  std::vector<std::pair<std::string, definition::Expression>> map;  // "author.name" -> where it stands
  std::optional<Recheck> recheck;
  Terms terms;
};

// Runs a definition with parameters and secrets that open_definition() has checked.
std::unique_ptr<Source> make_definition_source(std::shared_ptr<const Definition> definition,
                                               const SourceSettings& settings);

}  // namespace vigie
