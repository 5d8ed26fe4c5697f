#include "pipeline/onnx/runtime.h"

#include <dlfcn.h>
#include <vector>

#include "base/text.h"

namespace vigie::onnx {
namespace {

constexpr std::size_t kLongestMessage = 400;

// Never closed again: the runtime's threads and exit handlers outlive its last use.
Result<void*> open_library(const std::string& path) {
  const std::vector<std::string> names =
      path.empty() ? std::vector<std::string>{"libonnxruntime.so.1", "libonnxruntime.so"} : std::vector{path};
  std::string why;
  for (const std::string& name : names) {
    if (void* const library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    const char* const message = dlerror();
    why += concat(why.empty() ? "" : "; ", message == nullptr ? name : message);
  }
  return fail(ErrorKind::bad_config, concat("ONNX Runtime is not to be had: ", why,
                                            ". Install it, or set `runtime` to the path of its library"));
}

}  // namespace

Runtime::Runtime(const ApiBase& base, const void* table)
    : api_(read_table(table)), version_(base.version()), env_(nullptr, api_.release_env) {}

Result<std::shared_ptr<const Runtime>> Runtime::load(const std::string& library) {
  TRY(void* const opened, open_library(library));
  const auto get_base = reinterpret_cast<ApiBaseFunction>(dlsym(opened, "OrtGetApiBase"));
  const ApiBase* const base = get_base == nullptr ? nullptr : get_base();
  const void* const table = base == nullptr ? nullptr : base->api(kApiVersion);
  if (table == nullptr)
    return fail(ErrorKind::bad_config,
                concat(library.empty() ? "libonnxruntime" : library, ": not a library of ONNX Runtime 1.0 or later"));
  const std::shared_ptr<Runtime> runtime(new Runtime(*base, table));
  Env* env = nullptr;
  TRY(runtime->check(runtime->api_.create_env(kLogFatal, "vigie", &env), "ONNX Runtime cannot start"));
  runtime->env_.reset(env);
  TRY(runtime->check(runtime->api_.disable_telemetry(env), "ONNX Runtime"));
  return std::shared_ptr<const Runtime>(runtime);
}

Result<void> Runtime::check(Status* status, std::string_view what, ErrorKind kind) const {
  if (status == nullptr) return {};
  const char* const words = api_.error_message(status);
  std::string message = concat(what, ": ", shorten(squeeze_spaces(to_valid_utf8(words)), kLongestMessage));
  api_.release_status(status);
  return fail(kind, std::move(message));
}

}  // namespace vigie::onnx
