#include "base/http.h"
#include "base/text.h"
#include "collectors/xml.h"

namespace vigie::xml {
namespace {

constexpr std::string_view kUrlAttributes[] = {"href", "src", "cite", "longdesc", "poster", "background"};

bool holds_url(std::string_view attribute) {
  for (const std::string_view name : kUrlAttributes) {
    if (attribute == name) return true;
  }
  return false;
}

void open_tag(const Element& element, std::string_view outer_base, std::string& out) {
  out += '<';
  out += element.name;
  for (const Attribute* a = element.attributes; a != nullptr; a = a->next) {
    if (a->space != Space::core) continue;
    const bool rebase = element.base != outer_base && holds_url(a->name);
    out += ' ';
    out += a->name;
    out += "=\"";
    out += escape_html(rebase ? resolve_url(element.base, a->value) : std::string(a->value));
    out += '"';
  }
  out += '>';
}

bool is_void(std::string_view name) {
  constexpr std::string_view kVoid[] = {"br",  "img",  "hr",   "input", "wbr",   "area",
                                        "col", "base", "meta", "link",  "param", "embed"};
  for (const std::string_view one : kVoid) {
    if (name == one) return true;
  }
  return false;
}

void close_tag(const Element& element, std::string& out) {
  if (element.is_text() || is_void(element.name)) return;
  out += "</";
  out += element.name;
  out += '>';
}

}  // namespace

std::string_view Element::attribute(std::string_view local, Space of) const {
  for (const Attribute* a = attributes; a != nullptr; a = a->next) {
    if (a->space == of && a->name == local) return a->value;
  }
  return {};
}

bool Element::has_attribute(std::string_view local) const {
  for (const Attribute* a = attributes; a != nullptr; a = a->next) {
    if (a->space == Space::core && a->name == local) return true;
  }
  return false;
}

bool Element::declares(std::string_view part_of_uri) const {
  for (const Attribute* a = attributes; a != nullptr; a = a->next) {
    if (a->space == Space::other && a->name == "xmlns" && ascii_lower(a->value).find(part_of_uri) != std::string::npos)
      return true;
  }
  return false;
}

bool Element::has_elements() const {
  for (const Element* e = first; e != nullptr; e = e->next) {
    if (!e->is_text()) return true;
  }
  return false;
}

const Element* Element::child(Space of, std::string_view local) const {
  for (const Element* e = first; e != nullptr; e = e->next) {
    if (e->is(of, local)) return e;
  }
  return nullptr;
}

const Element* following(const Element* from, const Element* top, bool inside) {
  if (inside && from->first != nullptr) return from->first;
  while (from != top && from->next == nullptr) from = from->parent;
  return from == top ? nullptr : from->next;
}

std::string text_of(const Element& element) {
  if (element.first != nullptr && element.first->next == nullptr && element.first->is_text())
    return std::string(element.first->text);
  std::string out;
  for (const Element* e = following(&element, &element); e != nullptr; e = following(e, &element)) out += e->text;
  return out;
}

std::string markup_of(const Element& element) {
  std::string out;
  const Element* e = element.first;
  while (e != nullptr && out.size() < kMaxMarkup) {
    if (e->is_text()) {
      out += escape_html(e->text);
    } else {
      open_tag(*e, element.base, out);
    }
    if (e->first != nullptr && out.size() < kMaxMarkup) {
      e = e->first;
      continue;
    }
    close_tag(*e, out);
    while (e->next == nullptr && e->parent != &element) {
      e = e->parent;
      close_tag(*e, out);
    }
    e = e->next;
  }
  return out;
}

}  // namespace vigie::xml
