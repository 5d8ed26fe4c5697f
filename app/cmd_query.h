// `vigie query try QUERY`: which of the mentions in the store a brand query matches, and which it misses by one part.

#pragma once

#include <ostream>
#include <string>

namespace vigie {

struct QueryTry {
  std::string query;
  std::string config;    // names the store
  int limit = 10;        // matches shown, and near misses for each reason
  int newest = 100'000;  // mentions looked at
};

int cmd_query_try(const QueryTry& asked, std::ostream& out, std::ostream& err);

}  // namespace vigie
