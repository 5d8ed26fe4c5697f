#include "pipeline/state.h"

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"
#include "pipeline/bytes.h"

namespace vigie {

std::string seal_state(std::string_view version, std::string_view bytes) {
  ByteWriter head;
  head.value(hash64(bytes));
  return concat(version, head.take(), bytes);
}

Result<std::string_view> open_state(std::string_view version, std::string_view state, std::string_view whose) {
  if (!state.starts_with(version)) {
    return fail(ErrorKind::bad_data,
                concat(whose, " state of another version; it will be learnt anew from the stored mentions"));
  }
  state.remove_prefix(version.size());
  std::uint64_t sum = 0;
  ByteReader head(state.substr(0, sizeof sum));
  head.value(sum);
  if (!head.done() || hash64(state.substr(sizeof sum)) != sum)
    return fail(ErrorKind::bad_data, concat(whose, " state is damaged"));
  return state.substr(sizeof sum);
}

std::string signal_id(std::string_view key) { return fmt::format("{:016x}", hash64(key)); }

}  // namespace vigie
