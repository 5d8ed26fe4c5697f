#include "collectors/xml.h"

#include <deque>
#include <pugixml.hpp>

#include "base/http.h"
#include "base/text.h"

namespace vigie::xml {
namespace {

struct Known {
  std::string_view prefix, uri;
  Space space;
};

// Namespaces by address (lower case, without a final slash). The prefix counts only where a document forgot to declare
// it.
constexpr Known kKnown[] = {
    {"rss", "http://purl.org/rss/1.0", Space::core},
    {"", "http://my.netscape.com/rdf/simple/0.9", Space::core},
    {"", "http://channel.netscape.com/rdf/simple/0.9", Space::core},
    {"", "http://backend.userland.com/rss", Space::core},
    {"", "http://backend.userland.com/rss2", Space::core},
    {"", "http://blogs.law.harvard.edu/tech/rss", Space::core},
    {"", "http://cyber.law.harvard.edu/rss", Space::core},
    {"", "http://purl.org/rss/1.0/modules/rss091#", Space::core},
    {"", "http://purl.org/net/rss1.1#", Space::core},
    {"atom", "http://www.w3.org/2005/atom", Space::atom},
    {"atom10", "http://www.w3.org/2005/atom", Space::atom},
    {"", "http://purl.org/atom/ns#", Space::atom},
    {"", "http://example.com/newformat#", Space::atom},
    {"", "http://example.com/necho", Space::atom},
    {"", "http://purl.org/echo", Space::atom},
    {"", "uri/of/echo/namespace#", Space::atom},
    {"", "http://purl.org/pie", Space::atom},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Space::rdf},
    {"content", "http://purl.org/rss/1.0/modules/content", Space::content},
    {"dc", "http://purl.org/dc/elements/1.1", Space::dc},
    {"", "http://purl.org/dc/elements/1.0", Space::dc},
    {"dcterms", "http://purl.org/dc/terms", Space::dcterms},
    {"itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd", Space::itunes},
    {"", "http://example.com/dtds/podcast-1.0.dtd", Space::itunes},
    {"media", "http://search.yahoo.com/mrss", Space::media},
    {"", "http://www.rssboard.org/media-rss", Space::media},
    {"thr", "http://purl.org/syndication/thread/1.0", Space::thr},
    {"slash", "http://purl.org/rss/1.0/modules/slash", Space::slash},
    {"georss", "http://www.georss.org/georss", Space::georss},
    {"feedburner", "http://rssnamespace.org/feedburner/ext/1.0", Space::feedburner},
    {"sy", "http://purl.org/rss/1.0/modules/syndication", Space::sy},
    {"xhtml", "http://www.w3.org/1999/xhtml", Space::xhtml},
    {"xml", "http://www.w3.org/xml/1998/namespace", Space::xml},
};

std::string normal_uri(std::string_view uri) {
  std::string out = ascii_lower(trim(uri));
  while (!out.empty() && out.back() == '/') out.pop_back();
  return out;
}

Space space_of_prefix(std::string_view prefix) {
  for (const Known& known : kKnown) {
    if (!prefix.empty() && known.prefix == prefix) return known.space;
  }
  return Space::other;
}

struct Name {
  std::string_view prefix, local;
};

Name split_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

bool is_feed_root(std::string_view local) {
  return local == "rss" || local == "feed" || local == "rdf" || local == "channel";
}

}  // namespace

struct Document::Impl {
  std::string bytes;              // parsed in place: names and texts point into it
  std::deque<std::string> owned;  // texts that had to be changed
  std::deque<Element> elements;
  std::deque<Attribute> attributes;
  Element top;
  std::string fault;
  OwnEntities own_entities;
};

namespace {

constexpr std::size_t kMaxDeclared = 200;  // namespaces open at once; each name is looked up among them

class Builder {
 public:
  explicit Builder(Document::Impl& out) : out_(out) {}

  void build(const pugi::xml_document& source, std::string_view url) {
    out_.top.base = keep(std::string(url));
    pugi::xml_node node = source.first_child();
    std::vector<Element*> parents{&out_.top};
    while (node) {
      Element* made = add(node, *parents.back());
      const bool is_element = made != nullptr && !made->is_text();
      if (is_element && node.first_child() && parents.size() <= kMaxDepth) {
        parents.push_back(made);
        node = node.first_child();
        continue;
      }
      if (is_element) leave();
      while (!node.next_sibling() && parents.size() > 1) {
        node = node.parent();
        parents.pop_back();
        leave();
      }
      node = node.next_sibling();
    }
  }

 private:
  struct Declared {
    std::string_view prefix;
    Space space;
  };

  std::string_view keep(std::string text) {
    if (text.empty()) return {};
    return out_.owned.emplace_back(std::move(text));
  }
  std::string_view lower(std::string_view name) {
    for (const char c : name) {
      if (c >= 'A' && c <= 'Z') return keep(ascii_lower(name));
    }
    return name;
  }
  std::string_view decoded(std::string_view text) {
    return text.find('&') == std::string_view::npos ? text : keep(decode_entities(text, &out_.own_entities));
  }

  Element* add(const pugi::xml_node& node, Element& parent) {
    Element* made = nullptr;
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      if (&parent == &out_.top) return nullptr;
      made = &out_.elements.emplace_back();
      made->text = node.type() == pugi::node_cdata ? std::string_view(node.value()) : decoded(node.value());
    } else if (node.type() == pugi::node_element) {
      made = &out_.elements.emplace_back();
      enter(node, parent, *made);
    } else {
      return nullptr;
    }
    made->parent = &parent;
    if (made->is_text()) made->base = parent.base, made->lang = parent.lang;
    append(parent, *made);
    return made;
  }

  void append(Element& parent, Element& made) {
    (lasts_.back() == nullptr ? parent.first : lasts_.back()->next) = &made;
    lasts_.back() = &made;
    if (!made.is_text()) lasts_.push_back(nullptr);
  }

  void enter(const pugi::xml_node& node, const Element& parent, Element& made) {
    opened_.push_back(declared_.size());
    for (const pugi::xml_attribute& a : node.attributes()) declare(a, node.name());
    const Name name = split_name(node.name());
    made.name = lower(name.local.empty() ? name.prefix : name.local);
    made.space = space_of(name.prefix, &parent == &out_.top && is_feed_root(made.name));
    made.base = parent.base;
    made.lang = parent.lang;
    Attribute* last = nullptr;
    for (const pugi::xml_attribute& a : node.attributes()) {
      const Name attribute = split_name(a.name());
      const bool declares = attribute.prefix == "xmlns" || a.name() == std::string_view("xmlns");
      Attribute& kept = out_.attributes.emplace_back();
      kept.space = declares ? Space::other : attribute.prefix.empty() ? Space::core : space_of(attribute.prefix, false);
      kept.name = declares ? "xmlns" : lower(attribute.local);
      kept.value = decoded(a.value());
      (last == nullptr ? made.attributes : last->next) = &kept;
      last = &kept;
    }
    if (const std::string_view base = trim(made.attribute("base", Space::xml)); !base.empty()) {
      // Many short bases in one long one would make much of little.
      std::string whole =
          parent.base.empty() || base.size() > kMaxBase ? std::string(base) : resolve_url(parent.base, base);
      if (whole.size() <= kMaxBase) made.base = keep(std::move(whole));
    }
    for (const Attribute* a = made.attributes; a != nullptr; a = a->next) {
      if (a->space == Space::xml && a->name == "lang") made.lang = trim(a->value);
    }
  }

  void leave() {
    declared_.resize(opened_.back());
    opened_.pop_back();
    lasts_.pop_back();
  }

  void declare(const pugi::xml_attribute& a, std::string_view element) {
    const Name name = split_name(a.name());
    const bool is_default = name.prefix.empty() && name.local == "xmlns";
    if (!is_default && name.prefix != "xmlns") return;
    const std::string_view prefix = is_default ? std::string_view() : name.local;
    const std::string uri = normal_uri(decoded(a.value()));
    Space space = uri.empty() ? Space::core : Space::other;
    for (const Known& known : kKnown) {
      if (known.uri == uri) space = known.space;
    }
    // A root in a namespace nobody knows is still the root of a feed: its namespace is the feed's own.
    const Name root = split_name(element);
    if (space == Space::other && out_.top.first == nullptr && is_feed_root(ascii_lower(root.local)) &&
        root.prefix == prefix)
      own_ = uri;
    if (space == Space::other && !own_.empty() && uri == own_) space = Space::core;
    if (declared_.size() < kMaxDeclared) declared_.push_back({prefix, space});
  }

  Space space_of(std::string_view prefix, bool feed_root) {
    for (auto it = declared_.rbegin(); it != declared_.rend(); ++it) {
      if (it->prefix == prefix) return it->space;
    }
    if (prefix.empty()) return Space::core;
    if (feed_root && space_of_prefix(prefix) == Space::other) root_prefix_ = prefix;
    return prefix == root_prefix_ ? Space::core : space_of_prefix(prefix);
  }

  Document::Impl& out_;
  std::vector<Declared> declared_;
  std::vector<std::size_t> opened_;       // size of declared_ before each open element
  std::vector<Element*> lasts_{nullptr};  // last child of each open element
  std::string own_;                       // the root's namespace, when nobody else knows it
  std::string_view root_prefix_;          // the root's prefix, when nobody declared it
};

pugi::xml_parse_result read_into(pugi::xml_document& document, std::string& bytes) {
  constexpr unsigned kFlags = pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata;
  return document.load_buffer_inplace(bytes.data(), bytes.size(), kFlags, pugi::encoding_utf8);
}

}  // namespace

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
const Element& Document::top() const { return impl_->top; }
bool Document::mended() const { return !impl_->fault.empty(); }
const std::string& Document::fault() const { return impl_->fault; }

Result<Document> parse(std::string text, std::string_view url) {
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '<')) > kMaxElements) {
    return fail(ErrorKind::bad_data, concat("more than ", std::to_string(kMaxElements), " tags"));
  }
  Document out;
  Document::Impl& impl = *out.impl_;
  impl.bytes = text;
  impl.own_entities = OwnEntities(text);
  pugi::xml_document source;
  const pugi::xml_parse_result read = read_into(source, impl.bytes);
  if (!read) {
    impl.fault = concat(read.description(), " at byte ", std::to_string(read.offset));
    impl.bytes = mend(text);
    if (!read_into(source, impl.bytes)) return fail(ErrorKind::bad_data, concat("no readable XML: ", impl.fault));
  }
  Builder(impl).build(source, url);
  if (impl.top.first == nullptr) return fail(ErrorKind::bad_data, "no element in it");
  return out;
}

}  // namespace vigie::xml
