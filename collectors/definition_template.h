// Texts of a request with {names} in them. What is put in is percent-encoded for the place it stands in; nothing else
// can be asked for.
//
//   {tag}  {tag|path}                 a variable; |path and |urlencode say what happens anyway
//   {ids|join ,}                      a list as one text: a,b,c
//   statuses?{ids|repeat id[]}        a list as parameters, in a URL only: id[]=a&id[]=b
//   {{ and }}                         braces that are meant

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::definition {

class Template {
 public:
  enum class Filter { none, join, repeat };
  struct Part {
    std::string literal, name;  // one of the two
    Filter filter = Filter::none;
    std::string argument{};  // of the filter
  };

  Template() = default;
  explicit Template(std::vector<Part> parts) : parts_(std::move(parts)) {}

  bool empty() const { return parts_.empty(); }
  bool names(std::string_view name) const;
  bool has_secret() const;  // a {secret.x}
  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
};

// bad_config for an unclosed brace or an unknown filter.
Result<Template> parse_template(std::string_view text);

struct Variables {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
};

// The text with its variables in place; nothing when one of them is not set or empty: the caller leaves the whole value
// out.
std::optional<std::string> fill(const Template& source, const Variables& variables);
// The same for a URL: each variable percent-encoded, except those of `whole`, which are URLs or hosts, checked before.
std::optional<std::string> fill_url(const Template& source, const Variables& variables,
                                    const std::vector<std::string>& whole);

}  // namespace vigie::definition
