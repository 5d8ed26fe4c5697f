// A source definition as read and checked: what the readers (definition_read*.cpp) fill in and the rest of the engine
// runs. The keys are those of the TOML; docs/sources.md says what each means.

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
  using NamedTemplates = std::vector<std::pair<std::string, definition::Template>>;

  struct Param {
    std::string name;
    std::string type;  // text host url id lang list
    bool optional = false;
  };

  struct Secret {
    std::string name;
    bool optional = false;
  };

  // A JSON body with templates for its texts. A member whose variable is not set is left out.
  struct Member;
  struct Body {
    enum class Kind { none, text, literal, object, array };
    Kind kind = Kind::none;
    definition::Template text;
    std::string literal;  // a number, true or false as JSON
    std::vector<Member> members;
    std::vector<Body> elements;
  };
  struct Member {
    std::string name;
    Body value;
  };

  // A request that a login makes.
  struct Call {
    std::string method = "POST";
    definition::Template url;
    NamedTemplates headers;
    Body body;
    bool defined() const { return !url.empty(); }
  };

  struct Auth {
    enum class Style { none, query, header, bearer, basic, oauth2, jwt, session };
    enum class Grant { client_credentials, refresh_token, jwt_bearer };
    Style style = Style::none;
    std::string name;       // query, header: of the parameter or header. oauth2, jwt, session: header the token goes in
    bool in_query = false;  // oauth2: the token goes into the query parameter `name`
    definition::Template token;           // query, header, bearer
    definition::Template user, password;  // basic

    // oauth2, and the exchange of a jwt.
    Grant grant = Grant::client_credentials;
    definition::Template url;
    bool client_in_body = false;
    definition::Template client_id, client_secret, initial_refresh;
    std::string scope, audience;

    // jwt.
    std::string alg;  // ES256 RS256
    definition::Template key;
    NamedTemplates jwt_header, jwt_claims;
    Duration jwt_lifetime = minutes(15);

    // session.
    Call login, renew;

    // Where an answer has the token, its life in seconds, and the refresh token.
    definition::Path token_at, expires_at, refresh_at;

    bool renewable() const { return style == Style::oauth2 || style == Style::jwt || style == Style::session; }
  };

  struct Request {
    std::string method = "GET";
    definition::Template url;
    std::vector<definition::Template> alternates;  // tried once each while the first page is empty
    NamedTemplates query, headers, form;
    Body body;
  };

  struct Page {
    enum class Style { none, number, offset, token, link, next_url, last_id };
    Style style = Style::none;
    std::string query;                          // name of the query parameter; "" = a template has {page} or {cursor}
    int start = 0;                              // number of the first page
    int size = 0;                               // items a page: what an offset grows by
    int max = 20;                               // pages a run
    std::string rel = "next";                   // link
    std::optional<definition::Path> last;       // count of pages
    std::optional<definition::Path> total;      // count of items
    std::optional<definition::Expression> at;   // the next token, URL or last id
    std::optional<definition::Condition> more;  // false = no further page
    // A place in a listing that may be gone on from at another poll.
    bool goes_on() const { return style != Style::none && style != Style::number && style != Style::offset; }
  };

  struct Since {
    enum class Style { full, server_time, server_id, stop_at_known, token };
    enum class Compare { number, length_then_bytes, bytes };
    Style style = Style::full;
    std::string query;             // name of the query parameter; "" = a template has {since}
    std::string format = "epoch";  // epoch epoch_ms iso, or strftime letters
    Duration overlap = minutes(15);
    std::optional<Duration> first;  // how far the first run looks back
    int first_items = 0;            // "latest 40": the first run is one page
    std::optional<Duration> slice;  // length of a window
    bool newest_first = true;
    bool bounded = false;                      // the request has {until}
    Compare compare = Compare::number;         // of ids
    int known = 25;                            // items in a row that end a run
    std::optional<definition::Expression> at;  // token: where the next position stands; none = the next page's
  };

  // Where a number or a time stands: "header:x-ratelimit-remaining", "header:x-rate-limit[user-hour-rem]", "body:path".
  struct Place {
    std::string header, member;
    std::optional<definition::Path> body;
    bool defined() const { return !header.empty() || body.has_value(); }
  };

  struct Limits {
    Duration every_min = minutes(1), every_max = hours(6);
    double requests = 0;  // of rate = "60/1m"; 0 = none given
    Duration per{};
    int parallel = 1;
    Place remaining, reset, wait;
    std::string reset_as = "seconds";  // epoch epoch_ms iso seconds minutes
    std::int64_t spend = 0;            // items a spend_per; 0 = no ceiling
    Duration spend_per{};
  };

  struct ErrorRule {
    enum class Do { retry, wait, login, skip, gone, suspend, reset_cursor, end, fail };
    std::vector<int> status;                    // empty = any
    std::optional<definition::Condition> body;  // of the answer
    std::string body_text;                      // the same as written, for the error
    std::string header, header_has;             // a header that must be there and hold this text
    std::optional<definition::Condition> when;  // of {"page": 0, "status": 200, "json": true, "recheck": false}
    Do action = Do::fail;
    std::optional<Duration> wait;             // of wait, when the answer does not say
    std::optional<definition::Path> wait_at;  // seconds, in the answer
    bool wait_in_ms = false;                  // wait_at has milliseconds
    std::string wait_zone;                    // until midnight there
  };

  struct Join {
    std::string name;
    definition::Path from, on;
    std::string key;
  };

  struct Expand {
    std::string source;  // id of another definition
    definition::Path each;
    std::vector<std::pair<std::string, definition::Expression>> params;
    int max = 20;  // children a page
  };

  struct Recheck {
    std::string method = "GET";
    definition::Template url;
    int batch = 1;
    std::optional<definition::Path> at, id;
    std::optional<definition::Path> missing_at;  // ids of what is not there, in an answer that has no list then
    bool missing = false, by_status = false;     // what says that an item is gone: no answer for it, 404 or 410
    std::optional<definition::Condition> gone;   // of the item found
    bool edits = true;                           // its answer has the shape of [map]
    std::vector<Duration> after;
    std::optional<Duration> every;  // all that are older than the last of `after`, without end
  };

  struct Terms {
    bool keep_text = true;
    std::optional<int> keep_days;
    std::string attribution;
    std::optional<Duration> delete_within;
    std::optional<definition::Condition> skip;  // counted, its text not kept
  };

  std::string id, name, kind;
  std::string grade = "unconfirmed";  // seen documented unconfirmed
  std::string access;                 // what it takes to be let in, for people
  bool enabled = true;                // offered by default
  bool feed = false;                  // format = "feed": read by the feed parser, no items, no map
  int version = 1;
  std::vector<Param> params;
  std::vector<Secret> secrets;
  std::string each;  // list parameter: one run an element
  Auth auth;
  Request request;
  Page page;
  Since since;
  Limits limits;
  std::vector<ErrorRule> errors;
  definition::Path items;
  std::optional<definition::Condition> where, gone;  // gone: the item says that it was deleted
  std::vector<Join> joins;
  std::vector<std::pair<std::string, definition::Expression>> map;  // "author.name" -> where it stands
  std::optional<Expand> expand;
  std::optional<Recheck> recheck;
  Terms terms;
};

// Runs a definition with parameters and secrets that open_definition() has checked. `child`: what expand names.
std::unique_ptr<Source> make_definition_source(std::shared_ptr<const Definition> definition,
                                               const SourceSettings& settings,
                                               std::shared_ptr<const Definition> child = nullptr);
std::unique_ptr<Recheck> make_definition_recheck(std::shared_ptr<const Definition> definition,
                                                 const SourceSettings& settings);

}  // namespace vigie
