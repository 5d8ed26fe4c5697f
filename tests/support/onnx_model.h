// Tiny text classifiers as ONNX files, written byte by byte (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto),
// and the runtime that reads them, when there is one on this machine.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vigie::test {

// A classifier that averages the rows its words have in a table: logits = 2 * mean of rows[id] over the words that the
// mask lets count. One number a class.
struct TinyModel {
  std::vector<std::vector<float>> rows;
  std::int64_t opset = 13;
  std::string output = "logits";
  std::string ids = "input_ids";      // the name of that input
  std::string extra_input;            // asked for beside input_ids and attention_mask, and never used
  bool with_types = false;            // asks for token_type_ids too, and adds them to nothing
  std::int32_t ids_type = 7;          // 64-bit whole numbers
  std::int64_t texts = 0, words = 0;  // 0 = any number
  std::int64_t classes_told = -1;     // what the file says of its output; -1 = the truth, 0 = nothing
};

std::string to_onnx(const TinyModel& model);

// The library that the tests' npm packages bring, or the system's ("" = where the system looks); nothing without one.
std::optional<std::string> onnx_runtime();

}  // namespace vigie::test

// Leaves the test, saying so, on a machine without ONNX Runtime.
#define VIGIE_ONNX_OR_SKIP(name)                                                                                \
  const auto name##_found = ::vigie::test::onnx_runtime();                                                      \
  if (!name##_found) GTEST_SKIP() << "no ONNX Runtime: neither tests/node/node_modules nor the system has one"; \
  const std::string& name = *name##_found
