#include "base/template.h"

#include <vector>

#include "base/text.h"

namespace vigie {
namespace {

using json::Type;
using json::Value;

// As deep as sections may nest: templates are edited by people, and rendering recurses.
constexpr std::size_t kDeepest = 32;
// A list inside a list multiplies; no page or message of ours comes near this.
constexpr std::size_t kLargest = 8u << 20;
constexpr std::size_t kMostTags = 1'000'000;

struct Tag {
  char kind = 0;  // 0 name, '{' raw name, '#', '^', '/', '!'
  std::string_view name;
  std::size_t start = 0;  // of "{{"
  std::size_t end = 0;    // just past "}}"
};

std::string place(std::string_view source, std::size_t at) {
  std::size_t line = 1, line_start = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (source[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
  }
  const std::size_t column = count_code_points(source.substr(line_start, at - line_start)) + 1;
  return concat("template:", std::to_string(line), ":", std::to_string(column), ": ");
}

void append_escaped(std::string& out, std::string_view text, Escape escape) {
  switch (escape) {
    case Escape::html: out.append(escape_html(text)); return;
    case Escape::text: out.append(text); return;
    case Escape::json: {
      // What stands between the quotes; the template writes them.
      const std::string quoted = json::Writer().string(text).take();
      out.append(quoted, 1, quoted.size() - 2);
      return;
    }
  }
}

// Absent, null, false, 0, an empty list and "" are not.
bool is_truth(const Value& value) {
  if (value.is_null()) return false;
  switch (value.type()) {
    case Type::boolean: return value.raw() == "true";
    case Type::number: return value.number_or("", 1) != 0;
    case Type::string: return !value.raw().empty();
    case Type::array: return value.size() > 0;
    default: return true;
  }
}

class Renderer {
 public:
  Renderer(std::string_view source, Escape escape, bool trusted)
      : source_(source), escape_(escape), trusted_(trusted) {}

  Result<std::string> run(const Value& data) {
    scopes_.push_back(data);
    TRY(block(0, nullptr, true));
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> fault(std::size_t at, std::string_view what) const {
    return fail(ErrorKind::bad_config, concat(place(source_, at), what));
  }

  // The tag at or after `from`; one of kind 0 with an empty name and start == size when there is none.
  Result<Tag> next_tag(std::size_t from) const {
    Tag tag;
    tag.start = std::min(source_.find("{{", from), source_.size());
    if (tag.start == source_.size()) return tag;
    const bool raw = tag.start + 2 < source_.size() && source_[tag.start + 2] == '{';
    const std::string_view close = raw ? "}}}" : "}}";
    const std::size_t inner = tag.start + close.size();
    const std::size_t stop = source_.find(close, inner);
    if (stop == std::string_view::npos) return fault(tag.start, concat("a tag without its ", close));
    tag.end = stop + close.size();
    std::string_view text = trim(source_.substr(inner, stop - inner));
    if (raw) {
      tag.kind = '{';
    } else if (!text.empty() && std::string_view("#^/!&>=").find(text.front()) != std::string_view::npos) {
      tag.kind = text.front();
      text = trim(text.substr(1));
    }
    tag.name = text;
    TRY(check(tag));
    return tag;
  }

  Result<void> check(const Tag& tag) const {
    if (tag.kind == '!') return {};
    if (tag.kind == '>' || tag.kind == '=' || tag.kind == '&') {
      return fault(tag.start, concat("unknown tag {{", std::string_view(&tag.kind, 1), tag.name,
                                     "}}: only names, #, ^, / and ! exist"));
    }
    if (tag.kind == '{' && !trusted_)
      return fault(tag.start, concat("{{{", tag.name, "}}}: unescaped output is not allowed here"));
    const bool plain = !tag.name.empty() && tag.name.find_first_of(" \t\r\n{}") == std::string_view::npos;
    if (!plain) return fault(tag.start, concat("expected a name, found \"", shorten(tag.name, 40), "\""));
    return {};
  }

  // A section, comment or end alone on its line takes the whole line away with it. Returns where the line's own text
  // ends and where reading goes on.
  std::pair<std::size_t, std::size_t> bounds(const Tag& tag) const {
    if (tag.kind == 0 || tag.kind == '{') return {tag.start, tag.end};
    std::size_t start = tag.start, end = tag.end;
    while (start > 0 && (source_[start - 1] == ' ' || source_[start - 1] == '\t')) --start;
    while (end < source_.size() && (source_[end] == ' ' || source_[end] == '\t' || source_[end] == '\r')) ++end;
    const bool first = start == 0 || source_[start - 1] == '\n';
    const bool last = end == source_.size() || source_[end] == '\n';
    if (!first || !last) return {tag.start, tag.end};
    return {start, std::min(end + 1, source_.size())};
  }

  // From `at` to the end of section `open`, or of the template. When not `shown`, only checks. Returns where it ended.
  Result<std::size_t> block(std::size_t at, const Tag* open, bool shown) {  // NOLINT(misc-no-recursion): kDeepest
    for (;;) {
      TRY(const Tag tag, next_tag(at));
      const auto [text_end, next] = tag.start == source_.size() ? std::pair(tag.start, tag.start) : bounds(tag);
      if (shown && text_end > at) out_.append(source_.substr(at, text_end - at));
      if (++tags_ > kMostTags) return fault(tag.start, "lists inside lists repeat too often");
      if (out_.size() > kLargest) return fault(tag.start, "the result is larger than 8 MiB");
      if (tag.start == source_.size()) {
        if (open != nullptr) return fault(open->start, concat("section ", open->name, " is never closed"));
        return at;
      }
      at = next;
      if (tag.kind == '/') {
        if (open == nullptr || open->name != tag.name)
          return fault(tag.start, concat("{{/", tag.name, "}} closes nothing that is open"));
        return at;
      }
      if (tag.kind == '#' || tag.kind == '^') {
        TRY(at, section(tag, at, shown));
      } else if (tag.kind != '!' && shown) {
        const std::string text = content(tag.name);
        append_escaped(out_, text, tag.kind == '{' ? Escape::text : escape_);
      }
    }
  }

  Result<std::size_t> section(const Tag& tag, std::size_t at, bool shown) {  // NOLINT(misc-no-recursion): kDeepest
    if (++depth_ > kDeepest) return fault(tag.start, "sections nested too deep");
    const Value value = lookup(tag.name);
    std::size_t end = at;
    const bool wanted = shown && is_truth(value) == (tag.kind == '#');
    if (wanted && tag.kind == '#' && value.type() == Type::array) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        TRY(end, scoped(value[i], at, tag));
      }
    } else if (wanted && tag.kind == '#') {
      TRY(end, scoped(value, at, tag));
    } else {
      TRY(end, block(at, &tag, wanted));
    }
    --depth_;
    return end;
  }

  Result<std::size_t> scoped(const Value& scope, std::size_t at, const Tag& tag) {  // NOLINT(misc-no-recursion)
    scopes_.push_back(scope);
    Result<std::size_t> end = block(at, &tag, true);
    scopes_.pop_back();
    return end;
  }

  // A dotted name: its first step is looked for from the innermost scope outwards, the rest inside what was found.
  Value lookup(std::string_view name) const {
    if (name == ".") return scopes_.back();
    const std::string_view first = name.substr(0, name.find('.'));
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      const Value found = scope->find(first);
      if (found) return first.size() == name.size() ? found : found.at(name.substr(first.size() + 1));
    }
    return {};
  }

  std::string content(std::string_view name) const {
    const Value value = lookup(name);
    return std::string(value.raw());  // "" when absent, null, or a list or object, which have no text
  }

  const std::string_view source_;
  const Escape escape_;
  const bool trusted_;
  std::vector<Value> scopes_;
  std::string out_;
  std::size_t depth_ = 0;
  std::size_t tags_ = 0;  // gone through, repetitions included
};

}  // namespace

Result<std::string> render(std::string_view source, const json::Value& data, Escape escape, bool trusted) {
  return Renderer(source, escape, trusted).run(data);
}

}  // namespace vigie
