// Stories of any text, as a program meets them that reads what the whole world writes.

#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/alerts/story_sample.h"

namespace vigie::test {

inline void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [](std::uint32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code < 0x80) {
    out.push_back(byte(code));
  } else if (code < 0x800) {
    out.append({byte(0xC0 | code >> 6), byte(0x80 | (code & 63))});
  } else if (code < 0x10000) {  // also surrogates, which are no UTF-8
    out.append({byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 63)), byte(0x80 | (code & 63))});
  } else {
    out.append({byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63)), byte(0x80 | (code >> 6 & 63)),
                byte(0x80 | (code & 63))});
  }
}

// Code points from where trouble comes from.
inline rc::Gen<std::string> any_piece() {
  const auto from = [](std::uint32_t low, std::uint32_t high) {
    return rc::gen::map(rc::gen::inRange(low, high), [](std::uint32_t code) {
      std::string out;
      append_utf8(out, code);
      return out;
    });
  };
  return rc::gen::oneOf(
      from(0x20, 0x7F), from(0x20, 0x40), from(0, 0x20), from(0x80, 0x250), from(0x590, 0x700), from(0x2000, 0x2070),
      from(0x300, 0x370), from(0xD800, 0xE000), from(0x1F300, 0x1FAFF), from(0x20000, 0x2A000), from(0xE0020, 0xE0080),
      from(0x80, 0x110000),
      rc::gen::element<std::string>("👩‍👩‍👧‍👦", "👨🏽‍🚀", "e\u0301\u0301", "\u202e",
                                    "\xF0\x9F", "\xC0\xAF", "&", "<", "*", "_", "@", "://", "\\"),
      rc::gen::elementOf(kHostileTexts));
}

inline rc::Gen<std::string> any_text() {
  return rc::gen::mapcat(rc::gen::weightedElement<std::size_t>({{6, 1}, {3, 20}, {1, 300}}), [](std::size_t times) {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(any_piece()),
                        [times](const std::vector<std::string>& pieces) {
                          std::string once;
                          for (const std::string& piece : pieces) once += piece;
                          std::string out;
                          for (std::size_t i = 0; i < times && out.size() < 5000; ++i) out += once;
                          return out;
                        });
  });
}

inline rc::Gen<std::string> any_url() {
  return rc::gen::oneOf(rc::gen::map(any_text(), [](std::string tail) { return "https://social.example/" + tail; }),
                        rc::gen::just<std::string>("https://social.example/" + std::string(900, '&')),
                        rc::gen::just<std::string>("http://localhost:8081/incidents/1"), any_text());
}

template <class Make>
auto some(std::size_t most, Make make) {
  std::vector<decltype(make())> out;
  const auto count = *rc::gen::inRange<std::size_t>(0, most);
  for (std::size_t i = 0; i < count; ++i) out.push_back(make());
  return out;
}

inline Story any_story() {
  Story story = known_story(*rc::gen::elementOf(kStoryPurposes), *rc::gen::element<std::string>("fr", "en"));
  const auto text = [] { return *any_text(); };
  for (std::string* part : {&story.title, &story.badge, &story.lead, &story.since, &story.changed, &story.late,
                            &story.rising_title, &story.quotes_title, &story.next, &story.reference, &story.brand_name})
    if (*rc::gen::inRange(0, 3) > 0) *part = text();
  story.rising = some(9, text);
  story.footer = some(6, text);
  story.rows = some(40, [&] { return Story::Row{text(), text()}; });
  story.quotes = some(6, [&] { return Story::Quote{text(), text(), text(), *any_url()}; });
  story.links = some(10, [&] {
    return Story::Link{*rc::gen::element<std::string>("ack", "mute", "open", "wall", "why"), text(), *any_url()};
  });
  return story;
}

}  // namespace vigie::test
