#include "wall/log/note.h"

#include "tests/log/log_support.h"
#include "wall/log/checkpoint.h"

namespace vigie::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::vector<VerifierKey> keys_in(const json::Value& list) {
  std::vector<VerifierKey> keys;
  for (std::size_t i = 0; i < list.size(); ++i) keys.push_back(parse_verifier_key(list[i].raw()).value());
  return keys;
}

Result<std::vector<VerifierKey>> open(std::string_view bytes, const std::vector<VerifierKey>& keys) {
  TRY(const Note note, parse_note(bytes));
  return check_note(note, keys);
}

TEST(PublishedNotes, OpenAsStated) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/notes");
  const json::Document document = json_file(folder / "notes.json");

  for (std::size_t i = 0; i < document.root().size(); ++i) {
    const json::Value v = document.root()[i];
    const auto signers = open(decoded(v, "note_b64"), keys_in(v.find("vkeys")));
    ASSERT_EQ(signers.has_value(), v.boolean_or("open_ok", false)) << v.text_or("name", "");
    if (signers) {
      ASSERT_THAT(*signers, SizeIs(v.at("verified_names").size()));
      for (std::size_t k = 0; k < signers->size(); ++k) EXPECT_EQ((*signers)[k].name, v.at("verified_names")[k].raw());
    } else if (const std::string error = v.text_or("error", ""); error != "malformed") {
      EXPECT_THAT(signers.error().what, HasSubstr(error)) << v.text_or("name", "");
    }
  }
}

TEST(PublishedKeys, AreReadAndRefusedAsStated) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/notes");
  const json::Document document = json_file(folder / "keys.json");
  const json::Value good = document.root().at("good"), bad = document.root().at("bad");

  for (std::size_t i = 0; i < good.size(); ++i) {
    const std::string key(good[i].raw());
    ASSERT_TRUE(parse_verifier_key(key)) << key;
    EXPECT_EQ(to_text(*parse_verifier_key(key)), key);
    for (std::size_t begin = 0; begin < key.size(); ++begin) {
      for (std::size_t count = 0; begin + count <= key.size(); ++count) {
        if (count == key.size()) continue;
        EXPECT_FALSE(parse_verifier_key(key.substr(begin, count))) << key.substr(begin, count);
      }
      std::string changed = key;
      ++changed[begin];
      EXPECT_FALSE(parse_verifier_key(changed)) << changed;
    }
  }
  for (std::size_t i = 0; i < bad.size(); ++i) EXPECT_FALSE(parse_verifier_key(bad[i][0].raw())) << bad[i][0].raw();
}

TEST(PublishedKeys, SignTheVeryNoteThatIsStated) {
  VIGIE_SHARED_OR_SKIP(folder, "data/tlog/notes");
  const json::Document document = json_file(folder / "keys.json");
  const json::Value signing = document.root().at("signing");
  const SigningKey key = parse_signing_key(signing.text_or("skey", "")).value();

  Note note{decoded(signing, "text_b64"), {}};
  note.signatures.push_back(sign_note(note.text, key).value());

  EXPECT_EQ(to_text(note), decoded(signing, "note_b64"));
  EXPECT_EQ(to_text(key).value(), signing.text_or("skey", ""));
}

TEST(Notes, OfSixteenUnknownSignersAndALongLineStillOpen) {
  Note note = parse_note(signed_head({3, empty_root()})).value();
  for (int i = 0; i < 15; ++i)
    note.signatures.insert(note.signatures.begin(),
                           {concat("witness.example/", std::to_string(i)), 7, std::string(72, 'x')});
  note.signatures.push_back({"log.example/quantum", 9, std::string(2420, '\xff')});  // 3.3 kB in base64

  const std::string bytes = to_text(note);

  const auto signers = open(bytes, {verifier_of(log_key()).value()});
  ASSERT_TRUE(signers) << signers.error().what;
  EXPECT_THAT(*signers, SizeIs(1));
  EXPECT_EQ(to_text(parse_note(bytes).value()), bytes);
}

TEST(Notes, AreRefusedWhenAKnownKeysSignatureIsWrong) {
  Note note = parse_note(signed_head({3, empty_root()})).value();
  note.text[0] = 'b';

  EXPECT_THAT(open(to_text(note), {verifier_of(log_key()).value()}).error().what, HasSubstr("invalid signature"));
}

TEST(Checkpoints, AreRefusedInAnySpellingButOne) {
  const std::string root = to_base64(empty_root());
  const std::string good = concat("o\n7\n", root, "\n");
  ASSERT_TRUE(parse_checkpoint(good));
  EXPECT_EQ(to_text(*parse_checkpoint(good)), good);

  const std::string short_root = vigie::to_base64(std::string(31, 'x'));
  for (const std::string& bad :
       {concat("o\n007\n", root, "\n"), concat("o\n-1\n", root, "\n"), concat("o\n9223372036854775808\n", root, "\n"),
        concat("o\n+7\n", root, "\n"), concat("\n7\n", root, "\n"), concat("o\n7\n", short_root, "\n"),
        concat("o\n7\n", root), concat("o\n7\n", root, "\n\nx\n"), concat("o\n7\n", root.substr(0, 43), "\n"),
        std::string("o\n7\n"), std::string()}) {
    EXPECT_FALSE(parse_checkpoint(bad)) << bad;
  }
  EXPECT_FALSE(parse_signed_checkpoint(concat("o\r\n7\r\n", root, "\r\n\r\n\u2014 o AAAAAAAA\r\n")));
}

TEST(Cosignatures, HoldForTheirTextKeyAndTimeAlone) {
  const Time noon = parse_rfc3339("2026-11-21T12:00:00Z").value();
  const std::string text = to_text(Checkpoint{"avis.example/log", {3, empty_root()}, {}});
  const SigningKey key = witness_key("witness.example/a");
  const VerifierKey verifier = verifier_of(key).value();

  NoteSignature line = cosign(text, key, noon).value();

  EXPECT_EQ(cosigned_at(text, verifier, line), noon);
  EXPECT_EQ(cosigned_at(text + "x", verifier, line), std::nullopt);
  EXPECT_EQ(cosigned_at(text, verifier_of(witness_key("witness.example/b")).value(), line), std::nullopt);
  line.bytes[7] = static_cast<char>(line.bytes[7] ^ 1);  // another second
  EXPECT_EQ(cosigned_at(text, verifier, line), std::nullopt);
}

TEST(Cosignatures, SignTheMessageOfTheSpecification) {
  // The text's own message, built by hand: header, time, note text.
  const SigningKey key = witness_key("witness.example/a");
  const NoteSignature line = cosign("o\n1\nroot\n", key, from_epoch(1679315147)).value();

  EXPECT_EQ(line.bytes.substr(0, 8), std::string_view("\0\0\0\0\x64\x18\x50\xcb", 8));
  const SigningKey plain{key.name, KeyType::ed25519, key.seed};
  EXPECT_EQ(line.bytes.substr(8), sign_note("cosignature/v1\ntime 1679315147\no\n1\nroot\n", plain).value().bytes);
}

}  // namespace
}  // namespace vigie::test
