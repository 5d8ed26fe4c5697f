#include "pipeline/tokenizer/tokenizer.h"

#include "base/text.h"
#include "base/whole_file.h"

namespace vigie {

using tokenizer::Id;

namespace {

constexpr std::size_t kMostBytes = 64u << 20;
// Of a text, for each id wanted: words run to four or five characters an id. More is never read, so that a text of any
// length costs the same.
constexpr std::size_t kCharactersPerId = 16;
constexpr std::size_t kFewest = 8;

Error within(std::string_view part, const Error& error) {
  return {ErrorKind::bad_data, concat(part, ": ", error.what), std::nullopt};
}

}  // namespace

class TokenizerReader {
 public:
  explicit TokenizerReader(const json::Value& root) : root_(root) {}

  Result<Tokenizer> read() {
    if (root_.type() != json::Type::object) return fail(ErrorKind::bad_data, "expected an object");
    TRY(const json::Value model, root_.object("model"));
    TRY(out_.rewrites_, named("normalizer", tokenizer::read_normalizer(root_.find("normalizer"))));
    TRY(out_.splits_, named("pre_tokenizer", tokenizer::read_splitter(root_.find("pre_tokenizer"))));
    TRY(out_.vocabulary_, named("model", tokenizer::read_vocabulary(model)));
    TRY(added_tokens());
    TRY(ends());
    if (const json::Value padding = root_.find("padding"); !padding.is_null())
      out_.padding_ = padding.integer_or("pad_id", out_.padding_);
    return std::move(out_);
  }

 private:
  template <class T>
  static Result<T> named(std::string_view part, Result<T> result) {
    if (result) return result;
    return fail(within(part, result.error()));
  }

  // The special ones are only of use to us where the file puts them itself; any other would have to be looked for in
  // texts.
  Result<void> added_tokens() {
    const json::Value added = root_.find("added_tokens");
    for (std::size_t i = 0; i < added.size(); ++i) {
      const std::string content = added[i].text_or("content", "");
      if (!added[i].boolean_or("special", false))
        return fail(ErrorKind::bad_data,
                    concat("added_tokens: \"", content, "\" is a word of its own, which is not supported"));
      if (content == "[PAD]" || content == "<pad>") out_.padding_ = added[i].integer_or("id", 0);
    }
    return {};
  }

  // What stands before and behind each text.
  Result<void> ends() {
    const json::Value post = root_.find("post_processor");
    if (post.is_null()) return {};
    if (auto done = ends_by(post, 0); !done) return fail(within("post_processor", done.error()));
    return {};
  }

  Result<void> ends_by(const json::Value& post, int depth) {
    constexpr int kDeepest = 4;
    TRY(const std::string type, post.text("type"));
    if (type == "ByteLevel") return {};  // only moves offsets
    if (type == "BertProcessing" || type == "RobertaProcessing") {
      TRY(const Id first, post.integer("cls.1"));
      TRY(const Id last, post.integer("sep.1"));
      out_.before_ = {first};
      out_.after_ = {last};
      return {};
    }
    if (type == "TemplateProcessing") return by_template(post);
    if (type == "Sequence" && depth < kDeepest) {
      TRY(const json::Value all, post.array("processors"));
      for (std::size_t i = 0; i < all.size(); ++i) TRY(ends_by(all[i], depth + 1));
      return {};
    }
    return fail(ErrorKind::bad_data,
                concat("\"", type,
                       "\" is not supported; BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel and "
                       "Sequence of them are"));
  }

  Result<void> by_template(const json::Value& post) {
    TRY(const json::Value parts, post.array("single"));
    TRY(const json::Value known, post.object("special_tokens"));
    bool behind = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].find("Sequence")) {
        if (behind) return fail(ErrorKind::bad_data, "single: expected the text once");
        behind = true;
        continue;
      }
      TRY(const std::string name, parts[i].text("SpecialToken.id"));
      const json::Value ids = known.find(name).find("ids");
      if (ids.size() == 0) return fail(ErrorKind::bad_data, concat("special_tokens: no ids for \"", name, "\""));
      for (std::size_t j = 0; j < ids.size(); ++j) {
        TRY(const Id id, ids[j].integer(""));
        (behind ? out_.after_ : out_.before_).push_back(id);
      }
    }
    if (!behind || out_.before_.size() + out_.after_.size() >= kFewest)
      return fail(ErrorKind::bad_data, "single: expected the text and a few signs around it");
    return {};
  }

  const json::Value root_;
  Tokenizer out_;
};

Result<Tokenizer> Tokenizer::parse(std::string_view bytes, std::string_view name) {
  const Result<json::Document> document = json::parse(bytes);
  Result<Tokenizer> read =
      document ? TokenizerReader(document->root()).read() : Result<Tokenizer>(fail(document.error()));
  if (!read) return fail(ErrorKind::bad_config, concat(name, ": ", read.error().what));
  return read;
}

Result<Tokenizer> Tokenizer::load(const std::string& path) {
  const Result<std::string> bytes = read_whole(path, kMostBytes);
  if (!bytes)
    return fail(ErrorKind::bad_config, concat(path, ": expected a tokenizer.json, found ", bytes.error().what));
  return parse(*bytes, path);
}

std::vector<Id> Tokenizer::encode(std::string_view text, std::size_t most) const {
  const std::size_t room = std::max(most, kFewest) - before_.size() - after_.size();
  const std::size_t characters = (room + 1) * kCharactersPerId;
  constexpr std::size_t kMostBytesEach = 4;
  std::string kept = to_valid_utf8(text.substr(0, characters * kMostBytesEach));
  kept.resize(first_code_points(kept, characters).size());
  for (const tokenizer::Rewrite& rewrite : rewrites_) kept = rewrite(std::move(kept));
  tokenizer::Pieces pieces;
  if (!kept.empty()) pieces.push_back(std::move(kept));
  for (const tokenizer::Split& split : splits_) pieces = split(std::move(pieces));

  std::vector<Id> ids = before_;
  for (const std::string& piece : pieces) {
    vocabulary_->add(piece, ids);
    if (ids.size() >= before_.size() + room) break;
  }
  ids.resize(std::min(ids.size(), before_.size() + room));
  ids.insert(ids.end(), after_.begin(), after_.end());
  return ids;
}

}  // namespace vigie
