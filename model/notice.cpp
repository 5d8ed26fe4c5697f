#include "model/notice.h"

#include "base/json.h"

namespace vigie {

std::string to_json(const Notices& notices) {
  json::Writer out;
  out.begin_array();
  for (const auto& [code, slots] : notices) {
    out.begin_object().member("code", code);
    for (const auto& [name, value] : slots) out.member(name, value);
    out.end_object();
  }
  out.end_array();
  return out.take();
}

Notices notices_from_json(std::string_view text) {
  Notices notices;
  const Result<json::Document> document = json::parse(text);
  if (!document) return notices;
  const json::Value list = document->root();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const json::Value one = list[i];
    NoticeSlots slots;
    for (std::size_t k = 0; k < one.size(); ++k) {
      if (one.key_at(k) != "code") slots.emplace(one.key_at(k), one[k].raw());
    }
    if (std::string code = one.text_or("code", ""); !code.empty()) notices.emplace(std::move(code), std::move(slots));
  }
  return notices;
}

}  // namespace vigie
