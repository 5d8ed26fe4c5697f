// Saved state as bytes: plain values one after the other, in this machine's own byte order. Reading past the end or a
// length beyond reason makes every later read fail, so that one check at the end is enough.

#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace vigie {

class ByteWriter {
 public:
  template <class T>
  void value(const T& plain) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto at = out_.size();
    out_.resize(at + sizeof(T));
    std::memcpy(out_.data() + at, &plain, sizeof(T));
  }
  void text(std::string_view bytes) {
    value(static_cast<std::uint32_t>(bytes.size()));
    out_ += bytes;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void value(T& plain) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (rest_.size() < sizeof(T)) return give_up();
    std::memcpy(&plain, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
  }
  void text(std::string& bytes) {
    std::uint32_t length = 0;
    value(length);
    if (length > rest_.size()) return give_up();
    bytes.assign(rest_.substr(0, length));
    rest_.remove_prefix(length);
  }
  // A number of things to follow, each of at least `smallest` bytes.
  std::uint32_t count(std::size_t smallest) {
    std::uint32_t number = 0;
    value(number);
    if (number > rest_.size() / smallest) {
      give_up();
      return 0;
    }
    return number;
  }
  bool done() const { return good_ && rest_.empty(); }
  bool good() const { return good_; }

 private:
  void give_up() {
    good_ = false;
    rest_ = {};
  }
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace vigie
