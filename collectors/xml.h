// XML as feeds need it: one small read-only tree with namespaces known by their address, entities decoded, xml:base and
// xml:lang resolved.
//
// pugixml reads what is well-formed; what is not goes through mend() first and is read again. Of a DTD only short plain
// texts are taken (xml_own_entities.h); nothing is ever fetched.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "collectors/xml_own_entities.h"

namespace vigie::xml {

// Who defined a name. `core` is the feed's own vocabulary: no namespace, an RSS one, or the unknown one of the root.
enum class Space : std::uint8_t {
  other,
  core,
  atom,
  rdf,
  content,
  dc,
  dcterms,
  itunes,
  media,
  thr,
  slash,
  georss,
  feedburner,
  sy,
  xhtml,
  xml
};

struct Attribute {
  Space space = Space::core;  // core when it has no prefix
  std::string_view name;      // local, lower case
  std::string_view value;
  const Attribute* next = nullptr;
};

// An element, or a run of text (then `name` is empty).
struct Element {
  Space space = Space::other;
  std::string_view name;        // local, lower case
  std::string_view text;        // of a run of text
  std::string_view base, lang;  // as they hold here, "" = unknown
  const Attribute* attributes = nullptr;
  const Element* parent = nullptr;
  const Element* first = nullptr;
  const Element* next = nullptr;

  bool is_text() const { return name.empty(); }
  bool is(Space of, std::string_view local) const { return space == of && name == local; }
  std::string_view attribute(std::string_view local, Space of = Space::core) const;  // "" when absent
  bool has_attribute(std::string_view local) const;
  bool has_elements() const;
  bool declares(std::string_view part_of_uri) const;             // has an xmlns attribute with this in it
  const Element* child(Space of, std::string_view local) const;  // the first of that name
};

// The text of an element and of everything in it, in order.
std::string text_of(const Element& element);

// What stands inside an element, written again as markup: `tag` names only, relative URLs resolved where xml:base
// changes inside.
std::string markup_of(const Element& element);

// The element that follows in document order, not leaving `top`; skips what is inside `from` when `inside` is false.
const Element* following(const Element* from, const Element* top, bool inside = true);

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  const Element& top() const;        // holds the root element (or elements)
  bool mended() const;               // it was not well-formed
  const std::string& fault() const;  // what was wrong, "" when nothing

  struct Impl;

 private:
  friend Result<Document> parse(std::string text, std::string_view url);
  std::unique_ptr<Impl> impl_;
};

// `text`: valid UTF-8 without control characters. `url`: base of relative references, "" = unknown. bad_data when there
// is no element at all or more than kMaxElements.
Result<Document> parse(std::string text, std::string_view url);

// Ill-formed markup made well-formed, in one pass: unclosed and crossed tags, bare < and unquoted attributes, cut-off
// ends, items that were never closed.
std::string mend(std::string_view text);

// Predefined, numeric (0x80-0x9F as windows-1252, as browsers do) and HTML's named entities, then the document's `own`;
// an unknown one stays as it is.
std::string decode_entities(std::string_view text, OwnEntities* own = nullptr);

inline constexpr std::size_t kMaxDepth = 256;
inline constexpr std::size_t kMaxBase = 512;         // a longer xml:base is not followed
inline constexpr std::size_t kMaxMarkup = 4u << 20;  // of one element, written again
inline constexpr std::size_t kMaxElements = 1'500'000;

}  // namespace vigie::xml
