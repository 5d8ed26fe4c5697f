// Results, errors and how they travel: every function that can fail returns Result<T>, and TRY passes an
// error on. No exception crosses a file of ours.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace vigie {

// What the caller should do next, not what went wrong inside.
enum class ErrorKind {
  transient,     // back off and try again
  rate_limited,  // wait `retry_in`, then try again
  denied,        // pause and tell a person: a credential, a permission, a guard
  gone,          // stop for good: the thing asked for no longer exists
  bad_data,      // count it, keep it aside, go on with the next
  bad_config,    // refuse to start; a person must edit something
  bug,           // ours
};

std::string_view to_text(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::bug;
  std::string what;                                    // one line for people: where, what, what to do
  std::optional<std::chrono::microseconds> retry_in{};  // only with rate_limited or transient
  bool maybe_done = false;  // transient: it was asked and did not answer; it may have done it all the same
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string what) {
  return tl::unexpected<Error>(Error{kind, std::move(what), std::nullopt});
}

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// Joins its arguments, each convertible to std::string_view, with one allocation.
template <class... Parts>
std::string concat(const Parts&... parts) {
  std::string out;
  out.reserve((std::string_view(parts).size() + ... + 0));
  (out.append(std::string_view(parts)), ...);
  return out;
}

}  // namespace vigie

// TRY(target, expression): assigns the value of a Result, or returns its error from this function.
//   TRY(const std::string did, event.text("did"));   declares
//   TRY(m.text, record.text("text"));                assigns
// TRY(expression): the same for a Result<void>, or when the value is not wanted.
#define VIGIE_JOIN_(a, b) a##b
#define VIGIE_JOIN(a, b) VIGIE_JOIN_(a, b)
#define VIGIE_TRY_1(expression)                                        \
  do {                                                                 \
    auto&& vigie_try = (expression);                                   \
    if (!vigie_try) return ::vigie::fail(std::move(vigie_try.error())); \
  } while (false)
#define VIGIE_TRY_2(target, expression) VIGIE_TRY_2_(VIGIE_JOIN(vigie_try_, __COUNTER__), target, expression)
#define VIGIE_TRY_2_(name, target, expression)               \
  auto&& name = (expression);                                \
  if (!name) return ::vigie::fail(std::move(name.error())); \
  target = *std::move(name)
#define VIGIE_TRY_PICK(_1, _2, name, ...) name
#define TRY(...) VIGIE_TRY_PICK(__VA_ARGS__, VIGIE_TRY_2, VIGIE_TRY_1, )(__VA_ARGS__)
