// Makes ill-formed markup well-formed by rewriting it: every tag that is opened is closed, in order, and what is no tag
// is text. Ampersands are left alone: the tree's own entity decoding takes a stray one as it is.

#include <vector>

#include "base/text.h"
#include "collectors/xml.h"

namespace vigie::xml {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t kMaxOpen = 300;  // deeper tags are dropped, their text stays: the tree is capped just below

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'; }

bool one_of(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Closing one of these may close anything that was left open in it; closing anything else never leaves an item.
bool is_frame(std::string_view name) { return one_of(name, {"item", "entry", "channel", "rss", "rdf:rdf", "feed"}); }
bool is_item(std::string_view name) { return one_of(name, {"item", "entry"}); }

// HTML's elements without content, as they stand unescaped in descriptions. Not `link` and `source`, which are a feed's
// own words.
bool is_void(std::string_view name) { return one_of(name, {"br", "img", "hr", "input", "wbr", "area", "col", "meta"}); }

// Fields of one value, and the names that only a feed uses. Where one of them begins, the field before it has ended,
// said or not.
bool is_field(std::string_view name) {
  return one_of(name, {"title",         "link", "guid",      "pubdate",   "comments",  "dc:creator",    "dc:date",
                       "dc:subject",    "id",   "updated",   "published", "issued",    "modified",      "language",
                       "lastbuilddate", "ttl",  "generator", "copyright", "webmaster", "managingeditor"});
}
bool starts_field(std::string_view name) {
  return is_field(name) || is_item(name) ||
         one_of(name, {"description", "content:encoded", "summary", "category", "enclosure"});
}

// Texts may hold HTML, and with it a <link> or a <title>: only what HTML does not know ends one.
bool is_text_field(std::string_view name) { return one_of(name, {"description", "content:encoded", "summary"}); }
bool unknown_to_html(std::string_view name) {
  return starts_field(name) && !one_of(name, {"title", "link", "summary"});
}

// Where a mark stands next, asked for in ascending order: markup full of openings and no end is still read once.
class NextOf {
 public:
  NextOf(std::string_view text, std::string_view mark) : text_(text), mark_(mark), at_(text.find(mark)) {}
  std::size_t from(std::size_t start) {
    if (at_ != npos && at_ < start) at_ = text_.find(mark_, start);
    return at_;
  }

 private:
  std::string_view text_, mark_;
  std::size_t at_;
};

class Mender {
 public:
  explicit Mender(std::string_view text) : text_(text) { out_.reserve(text.size() + text.size() / 16); }

  std::string run() && {
    while (at_ < text_.size()) {
      const std::size_t tag = std::min(text_.find('<', at_), text_.size());
      out_.append(text_.substr(at_, tag - at_));
      at_ = tag;
      if (at_ < text_.size()) markup();
    }
    while (!open_.empty()) close_last();
    return std::move(out_);
  }

 private:
  struct Open {
    std::string written, key;
  };

  std::string_view rest() const { return text_.substr(at_); }
  void take(std::size_t count) { at_ = std::min(text_.size(), at_ + count); }

  void markup() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (rest().starts_with("<!--")) {
      skip_to(comment_end_, 4, 3);
    } else if (rest().starts_with("<![CDATA[")) {
      cdata();
    } else if (next == '!') {
      declaration();
    } else if (next == '?') {
      skip_to(instruction_end_, 2, 2);
    } else if (next == '/') {
      end_tag();
    } else if (is_letter(next)) {
      start_tag();
    } else {
      out_ += "&lt;";
      take(1);
    }
  }

  // To the end of a construct; when it has none, to the next ">", so that one open comment does not swallow the feed.
  void skip_to(NextOf& end, std::size_t from, std::size_t length) {
    std::size_t found = end.from(at_ + from);
    if (found == npos) {
      found = tag_end_.from(at_);
      length = 1;
    }
    at_ = found == npos ? text_.size() : found + length;
  }

  void cdata() {
    constexpr std::size_t kMark = 9;
    const std::size_t end = cdata_end_.from(at_ + kMark);
    // Without an end, it goes to the next closing tag of a field: the best guess at what was meant.
    const std::size_t stop = end != npos ? end : std::min(text_.find("</", at_ + kMark), text_.size());
    out_ += "<![CDATA[";
    out_.append(text_.substr(at_ + kMark, stop - at_ - kMark));
    out_ += "]]>";
    at_ = end != npos ? end + 3 : stop;
  }

  void declaration() {
    int brackets = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '[') ++brackets;
      if (c == ']') --brackets;
      if (c == '>' && brackets <= 0) break;
    }
    take(1);
  }

  std::string name_at(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size() && is_name(text_[end])) ++end;
    return std::string(text_.substr(at, end - at));
  }

  void end_tag() {
    const std::string written = name_at(at_ + 2);
    const std::size_t end = text_.find_first_of("<>", at_ + 1);
    at_ = end == npos ? text_.size() : end + (text_[end] == '>' ? 1 : 0);
    const std::string name = ascii_lower(written);
    if (name.empty() || is_void(name)) return;
    // Within the innermost item only, unless it is the end of an item or channel itself: a stray end closes nothing
    // around it.
    const std::size_t floor = is_frame(name) || frames_.empty() ? 0 : frames_.back() + 1;
    const std::size_t hash = std::hash<std::string>{}(name);
    for (std::size_t i = open_.size(); i-- > floor;) {
      if (hashes_[i] != hash || open_[i].key != name) continue;
      while (open_.size() > i) close_last();
      return;
    }
  }

  void start_tag() {
    const std::string written = name_at(at_ + 1);
    const std::string name = ascii_lower(written);
    std::string tag = concat("<", written);
    const std::size_t start = at_;
    at_ += 1 + written.size();
    const bool closed = attributes(tag);
    if (at_ >= text_.size() && text_.back() != '>') return;  // cut off inside a tag
    if (open_.size() >= kMaxOpen) return;
    if (at_ <= start) at_ = start + 1;
    if (starts_field(name)) close_open_field(name);
    if (is_item(name)) close_open_item();
    const bool empty = closed || is_void(name);
    out_ += tag;
    out_ += empty ? "/>" : ">";
    if (!empty) push({written, name});
  }

  // Writes each attribute once quoted; true when the tag ended in "/>".
  bool attributes(std::string& tag) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '<') return false;  // the next tag begins: this one's ">" was forgotten
      ++at_;
      if (c == '>') return false;
      if (c == '/' && at_ < text_.size() && text_[at_] == '>') {
        ++at_;
        return true;
      }
      if (is_letter(c)) {
        --at_;
        attribute(tag);
      }
    }
    return false;
  }

  void attribute(std::string& tag) {
    const std::string name = name_at(at_);
    at_ += name.size();
    std::size_t equals = at_;
    while (equals < text_.size() && is_blank(text_[equals])) ++equals;
    std::string_view value;
    if (equals < text_.size() && text_[equals] == '=') {
      at_ = equals + 1;
      while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
      value = attribute_value();
    }
    tag += ' ';
    tag += name;
    tag += "=\"";
    for (const char c : value) {
      if (c == '"')
        tag += "&quot;";
      else if (c == '<')
        tag += "&lt;";
      else
        tag += c;
    }
    tag += '"';
  }

  std::string_view attribute_value() {
    if (at_ >= text_.size()) return {};
    const char quote = text_[at_];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = (quote == '"' ? quote_ : apostrophe_).from(at_ + 1);
      const std::size_t close = tag_end_.from(at_ + 1);
      // `<a href="x>text</a> <b id="y">`: a quote that closes only beyond the next tag was never meant to.
      const bool runaway = end == npos || (close < end && next_tag_.from(close) < end);
      if (!runaway) {
        const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return value;
      }
      ++at_;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '>' && text_[at_] != '<') ++at_;
    std::string_view value = text_.substr(start, at_ - start);
    if (value.ends_with('/') && at_ < text_.size() && text_[at_] == '>') value.remove_suffix(1), --at_;
    return value;
  }

  void close_open_field(std::string_view next) {
    const std::size_t floor = frames_.empty() ? 0 : frames_.back() + 1;
    for (std::size_t i = floor; i < open_.size(); ++i) {
      const std::string& key = open_[i].key;
      if (!is_field(key) && !(is_text_field(key) && unknown_to_html(next))) continue;
      while (open_.size() > i) close_last();
      return;
    }
  }

  void close_open_item() {
    for (std::size_t i = open_.size(); i-- > 0;) {
      if (!is_item(open_[i].key)) continue;
      while (open_.size() > i) close_last();
      return;
    }
  }

  void push(Open open) {
    if (is_frame(open.key)) frames_.push_back(open_.size());
    hashes_.push_back(std::hash<std::string>{}(open.key));
    open_.push_back(std::move(open));
  }

  void close_last() {
    out_ += "</";
    out_ += open_.back().written;
    out_ += '>';
    open_.pop_back();
    hashes_.pop_back();
    if (!frames_.empty() && frames_.back() == open_.size()) frames_.pop_back();
  }

  std::string_view text_;
  NextOf comment_end_{text_, "-->"}, instruction_end_{text_, "?>"}, cdata_end_{text_, "]]>"}, tag_end_{text_, ">"},
      next_tag_{text_, "<"}, quote_{text_, "\""}, apostrophe_{text_, "'"};
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Open> open_;
  std::vector<std::size_t> hashes_;  // of open_'s keys: most ends are not found, and a hash says so sooner
  std::vector<std::size_t> frames_;  // indexes in open_ of items, channels and roots
};

}  // namespace

std::string mend(std::string_view text) { return Mender(text).run(); }

}  // namespace vigie::xml
