#include "pipeline/tokenizer/normalizer.h"

#include <re2/re2.h>
#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <memory>

#include "base/text.h"
#include "pipeline/tokenizer/characters.h"
#include "pipeline/tokenizer/charsmap.h"

namespace vigie::tokenizer {
namespace {

using Form = const icu::Normalizer2* (*)(UErrorCode&);

std::string in_form(Form form, const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const normalizer = form(status);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  if (U_SUCCESS(status)) normalizer->normalizeUTF8(0, text, sink, nullptr, status);
  return U_SUCCESS(status) ? out : text;
}

const icu::Normalizer2* nfc(UErrorCode& status) { return icu::Normalizer2::getNFCInstance(status); }
const icu::Normalizer2* nfd(UErrorCode& status) { return icu::Normalizer2::getNFDInstance(status); }
const icu::Normalizer2* nfkc(UErrorCode& status) { return icu::Normalizer2::getNFKCInstance(status); }
const icu::Normalizer2* nfkd(UErrorCode& status) { return icu::Normalizer2::getNFKDInstance(status); }

// Each character by itself: a final sigma stays the sigma the vocabulary was made with.
std::string lowercase(const std::string& text) {
  std::string out;
  for_each_character(text, [&](UChar32 c, std::string_view) {
    if (c < 0x80) {
      out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    } else {
      icu::UnicodeString(c).toLower(icu::Locale::getRoot()).toUTF8String(out);
    }
  });
  return out;
}

template <class Keep>
std::string only(const std::string& text, Keep keep) {
  std::string out;
  for_each_character(text, [&](UChar32 c, std::string_view bytes) {
    if (keep(c)) out += bytes;
  });
  return out;
}

std::string without_accents(const std::string& text) {
  return only(text, [](UChar32 c) { return !is_accent(c); });
}

std::string without_control(const std::string& text) {
  std::string out;
  for_each_character(text, [&](UChar32 c, std::string_view bytes) {
    if (c == 0 || c == 0xFFFD || is_control(c)) return;
    out += is_space(c) ? std::string_view(" ") : bytes;
  });
  return out;
}

std::string han_apart(const std::string& text) {
  std::string out;
  for_each_character(text, [&](UChar32 c, std::string_view bytes) {
    out += is_han(c) ? concat(" ", bytes, " ") : std::string(bytes);
  });
  return out;
}

void bert(const json::Value& step, std::vector<Rewrite>& steps) {
  const bool lower = step.boolean_or("lowercase", true);
  if (step.boolean_or("clean_text", true)) steps.emplace_back(without_control);
  if (step.boolean_or("handle_chinese_chars", true)) steps.emplace_back(han_apart);
  if (step.boolean_or("strip_accents", lower)) {  // null: as `lowercase` says
    steps.emplace_back([](const std::string& text) { return without_accents(in_form(nfd, text)); });
  }
  if (lower) steps.emplace_back(lowercase);
}

std::string strip(const std::string& text, bool left, bool right) {
  std::size_t begin = 0, end = text.size();
  if (left) {
    std::size_t at = 0;
    while (at < text.size() && is_space(next_character(text, at))) begin = at;
  }
  if (right) {
    std::size_t kept = begin;
    for (std::size_t at = begin; at < text.size();) {
      if (!is_space(next_character(text, at))) kept = at;
    }
    end = kept;
  }
  return text.substr(begin, end - begin);
}

Result<Rewrite> replacement(const json::Value& step) {
  const json::Value literal = step.at("pattern.String"), regex = step.at("pattern.Regex");
  TRY(const std::string content, step.text("content"));
  const std::string pattern = literal ? RE2::QuoteMeta(std::string(literal.raw())) : std::string(regex.raw());
  RE2::Options options(RE2::Quiet);
  const auto compiled = std::make_shared<const RE2>(pattern, options);
  if (pattern.empty() || !compiled->ok())
    return fail(ErrorKind::bad_data, concat("Replace: the pattern \"", pattern, "\" is not supported"));
  std::string rewrite;
  for (const char c : content) rewrite += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return Rewrite([compiled, rewrite](std::string text) {
    RE2::GlobalReplace(&text, *compiled, rewrite);
    return text;
  });
}

Result<void> add_steps(const json::Value& step, int depth, std::vector<Rewrite>& steps) {
  constexpr int kDeepest = 8;
  if (step.is_null()) return {};
  TRY(const std::string type, step.text("type"));
  const auto form = [&](Form known) {
    steps.emplace_back([known](const std::string& text) { return in_form(known, text); });
  };
  if (type == "Sequence" && depth < kDeepest) {
    TRY(const json::Value all, step.array("normalizers"));
    for (std::size_t i = 0; i < all.size(); ++i) TRY(add_steps(all[i], depth + 1, steps));
  } else if (type == "BertNormalizer") {
    bert(step, steps);
  } else if (type == "NFC") {
    form(nfc);
  } else if (type == "NFD") {
    form(nfd);
  } else if (type == "NFKC") {
    form(nfkc);
  } else if (type == "NFKD") {
    form(nfkd);
  } else if (type == "Lowercase") {
    steps.emplace_back(lowercase);
  } else if (type == "StripAccents") {
    steps.emplace_back(without_accents);
  } else if (type == "Strip") {
    steps.emplace_back([left = step.boolean_or("strip_left", true), right = step.boolean_or("strip_right", true)](
                           const std::string& text) { return strip(text, left, right); });
  } else if (type == "Prepend") {
    TRY(const std::string what, step.text("prepend"));
    steps.emplace_back([what](const std::string& text) { return text.empty() ? text : what + text; });
  } else if (type == "Replace") {
    TRY(Rewrite replace, replacement(step));
    steps.push_back(std::move(replace));
  } else if (type == "Precompiled") {
    const json::Value bytes = step.find("precompiled_charsmap");
    if (bytes.is_null() || bytes.raw().empty()) return {};  // SentencePiece's "identity"
    TRY(Charsmap map, Charsmap::read(bytes.raw()));
    steps.emplace_back([map = std::make_shared<const Charsmap>(std::move(map))](const std::string& text) {
      return map->rewrite(text);
    });
  } else {
    return fail(ErrorKind::bad_data,
                concat("\"", type,
                       "\" is not supported; BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, "
                       "Prepend, Replace, Precompiled and Sequence of them are"));
  }
  return {};
}

}  // namespace

Result<std::vector<Rewrite>> read_normalizer(const json::Value& normalizer) {
  std::vector<Rewrite> steps;
  TRY(add_steps(normalizer, 0, steps));
  return steps;
}

}  // namespace vigie::tokenizer
