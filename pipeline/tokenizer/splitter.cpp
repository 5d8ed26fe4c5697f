#include "pipeline/tokenizer/splitter.h"

#include "pipeline/tokenizer/byte_level.h"
#include "pipeline/tokenizer/characters.h"

namespace vigie::tokenizer {
namespace {

// What becomes of a character: left out, a piece of its own, or part of a run of its kind.
enum class Part { left_out, alone, run, other_run };
using Sort = Part (*)(UChar32 c);

Pieces cut(const Pieces& pieces, Sort sort) {
  Pieces out;
  for (const std::string& piece : pieces) {
    Part open = Part::left_out;
    for_each_character(piece, [&](UChar32 c, std::string_view bytes) {
      const Part part = sort(c);
      if (part != Part::left_out && part != Part::alone && part == open) {
        out.back() += bytes;
      } else if (part != Part::left_out) {
        out.emplace_back(bytes);
      }
      open = part;
    });
  }
  return out;
}

Part by_space(UChar32 c) { return is_space(c) ? Part::left_out : Part::run; }
Part as_bert(UChar32 c) { return is_punctuation(c) ? Part::alone : by_space(c); }
Part by_words(UChar32 c) { return is_space(c) ? Part::left_out : is_word(c) ? Part::run : Part::other_run; }
Part by_punctuation(UChar32 c) { return is_punctuation(c) ? Part::alone : Part::run; }
Part by_numbers(UChar32 c) { return is_number(c) ? Part::other_run : Part::run; }
Part by_digits(UChar32 c) { return is_number(c) ? Part::alone : Part::run; }

Split cutting(Sort sort) {
  return [sort](const Pieces& pieces) { return cut(pieces, sort); };
}

// Blanks become a sign that stays with the word behind it.
struct Metaspace {
  std::string sign;
  enum class Prefix { always, first, never } prefix = Prefix::always;
  bool split = true;

  std::string marked(const std::string& piece, bool first) const {
    std::string text;
    for (const char c : piece) {
      if (c == ' ') {
        text += sign;
      } else {
        text += c;
      }
    }
    const bool wanted = prefix == Prefix::always || (prefix == Prefix::first && first);
    return wanted && !text.starts_with(sign) ? sign + text : text;
  }

  Pieces operator()(const Pieces& pieces) const {
    Pieces out;
    bool first = true;
    for (const std::string& piece : pieces) {
      const std::string text = marked(piece, first);
      first = false;
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t next = split ? text.find(sign, begin + 1) : std::string::npos;
        const std::size_t end = next == std::string::npos ? text.size() : next;
        out.push_back(text.substr(begin, end - begin));
        begin = end;
      }
    }
    return out;
  }
};

Result<Split> metaspace(const json::Value& step) {
  Metaspace out;
  out.sign = step.text_or("replacement", "\xE2\x96\x81");
  if (out.sign.empty()) return fail(ErrorKind::bad_data, "Metaspace: expected a replacement, found none");
  out.split = step.boolean_or("split", true);
  const std::string scheme =
      step.text_or("prepend_scheme", step.boolean_or("add_prefix_space", true) ? "always" : "never");
  if (scheme != "always" && scheme != "first" && scheme != "never")
    return fail(ErrorKind::bad_data, concat("Metaspace: the prepend_scheme \"", scheme, "\" is not supported"));
  out.prefix = scheme == "always"  ? Metaspace::Prefix::always
               : scheme == "first" ? Metaspace::Prefix::first
                                   : Metaspace::Prefix::never;
  return Split(out);
}

Result<void> add_steps(const json::Value& step, int depth, std::vector<Split>& steps) {
  constexpr int kDeepest = 8;
  if (step.is_null()) return {};
  TRY(const std::string type, step.text("type"));
  if (type == "Sequence" && depth < kDeepest) {
    TRY(const json::Value all, step.array("pretokenizers"));
    for (std::size_t i = 0; i < all.size(); ++i) TRY(add_steps(all[i], depth + 1, steps));
  } else if (type == "BertPreTokenizer") {
    steps.push_back(cutting(as_bert));
  } else if (type == "Whitespace") {
    steps.push_back(cutting(by_words));
  } else if (type == "WhitespaceSplit") {
    steps.push_back(cutting(by_space));
  } else if (type == "Punctuation" && step.text_or("behavior", "Isolated") == "Isolated") {
    steps.push_back(cutting(by_punctuation));
  } else if (type == "Digits") {
    steps.push_back(cutting(step.boolean_or("individual_digits", false) ? by_digits : by_numbers));
  } else if (type == "Metaspace") {
    TRY(Split split, metaspace(step));
    steps.push_back(std::move(split));
  } else if (type == "ByteLevel") {
    const ByteLevel split{step.boolean_or("add_prefix_space", true), step.boolean_or("use_regex", true)};
    steps.emplace_back([split](const Pieces& pieces) { return split(pieces); });
  } else {
    return fail(ErrorKind::bad_data,
                concat("\"", type,
                       "\" is not supported; BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation (Isolated), "
                       "Digits, Metaspace, ByteLevel and Sequence of them are"));
  }
  return {};
}

}  // namespace

Result<std::vector<Split>> read_splitter(const json::Value& pre_tokenizer) {
  std::vector<Split> steps;
  TRY(add_steps(pre_tokenizer, 0, steps));
  return steps;
}

}  // namespace vigie::tokenizer
