// ONNX Runtime as found on the machine: a library opened when it is asked for, never linked.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipeline/onnx/abi.h"

namespace vigie::onnx {

// Owns one of the runtime's things.
template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

class Runtime {
 public:
  // `library`: its path, or "" for libonnxruntime.so.1 or libonnxruntime.so where the system looks for libraries.
  // bad_config when there is none, or one that does not speak the interface.
  static Result<std::shared_ptr<const Runtime>> load(const std::string& library);

  const Api& api() const { return api_; }
  const std::string& version() const { return version_; }  // "1.16.3"
  Env* env() const { return env_.get(); }

  // What the runtime answered: nothing, or its words behind `what` as an Error of `kind`. Releases the status.
  Result<void> check(Status* status, std::string_view what, ErrorKind kind = ErrorKind::bad_config) const;

 private:
  explicit Runtime(const ApiBase& base, const void* table);

  Api api_;
  std::string version_;
  Owned<Env> env_;
};

}  // namespace vigie::onnx
