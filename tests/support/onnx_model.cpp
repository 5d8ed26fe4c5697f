#include "tests/support/onnx_model.h"

#include <dlfcn.h>
#include <bit>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "tests/support/files.h"

namespace vigie::test {
namespace {

// Protocol buffers: a key (field number and wire type), then the value.
std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}
std::string number(std::uint64_t field, std::int64_t value) {
  return varint(field << 3) + varint(std::bit_cast<std::uint64_t>(value));
}
std::string bytes(std::uint64_t field, std::string_view value) {
  return varint(field << 3 | 2) + varint(value.size()) + std::string(value);
}

template <class T>
std::string tensor(std::string_view name, std::int32_t type, const std::vector<std::int64_t>& shape,
                   const std::vector<T>& values) {
  std::string out;
  for (const std::int64_t length : shape) out += number(1, length);
  std::string raw(values.size() * sizeof(T), '\0');
  std::memcpy(raw.data(), values.data(), raw.size());
  return out + number(2, type) + bytes(8, name) + bytes(9, raw);
}

std::string whole_attribute(std::string_view name, std::int64_t value) {
  return bytes(5, bytes(1, name) + number(3, value) + number(20, 2));
}

std::string node(std::string_view operation, const std::vector<std::string>& inputs, std::string_view output,
                 const std::string& attributes = "") {
  std::string out;
  for (const std::string& input : inputs) out += bytes(1, input);
  return bytes(1, out + bytes(2, output) + bytes(4, operation) + attributes);
}

// A dimension of 0 is any number.
std::string value_info(std::string_view name, std::int32_t type, const std::vector<std::int64_t>& shape) {
  std::string dimensions;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    dimensions += bytes(1, shape[i] > 0 ? number(1, shape[i]) : bytes(2, std::string(name) + "_" + std::to_string(i)));
  }
  return bytes(1, name) + bytes(2, bytes(1, number(1, type) + bytes(2, dimensions)));
}

constexpr std::int32_t kFloat = 1, kInt64 = 7;

std::string graph(const TinyModel& model) {
  const auto classes = static_cast<std::int64_t>(model.rows.front().size());
  std::vector<float> table;
  for (const std::vector<float>& row : model.rows) table.insert(table.end(), row.begin(), row.end());
  const std::int64_t told = model.classes_told < 0 ? classes : model.classes_told;

  std::string out;
  const bool cast = model.ids_type != kInt64;
  if (cast) out += node("Cast", {model.ids}, "ids", whole_attribute("to", kInt64));
  out += node("Gather", {"table", cast ? "ids" : model.ids}, "words");
  out += node("Cast", {"attention_mask"}, "mask", whole_attribute("to", kFloat));
  out += node("Unsqueeze", {"mask", "two"}, "deep_mask");
  out += node("Mul", {"words", "deep_mask"}, "counted");
  out += node("ReduceSum", {"counted", "one"}, "sum", whole_attribute("keepdims", 0));
  out += node("ReduceSum", {"mask", "one"}, "count", whole_attribute("keepdims", 1));
  out += node("Div", {"sum", "count"}, "mean");
  out += node("Mul", {"mean", "scale"}, model.output);
  out += bytes(2, "tiny");
  out += bytes(5, tensor("table", kFloat, {static_cast<std::int64_t>(model.rows.size()), classes}, table));
  out += bytes(5, tensor<std::int64_t>("one", kInt64, {1}, {1}));
  out += bytes(5, tensor<std::int64_t>("two", kInt64, {1}, {2}));
  out += bytes(5, tensor<float>("scale", kFloat, {1}, {2}));
  const std::vector<std::int64_t> shape = {model.texts, model.words};
  out += bytes(11, value_info(model.ids, model.ids_type, shape));
  out += bytes(11, value_info("attention_mask", kInt64, shape));
  if (model.with_types) out += bytes(11, value_info("token_type_ids", kInt64, shape));
  if (!model.extra_input.empty()) out += bytes(11, value_info(model.extra_input, kFloat, shape));
  return out + bytes(12, value_info(model.output, kFloat, {model.texts, told}));
}

}  // namespace

std::string to_onnx(const TinyModel& model) {
  constexpr std::int64_t kIrVersion = 7;
  return number(1, kIrVersion) + bytes(7, graph(model)) + bytes(8, bytes(1, "") + number(2, model.opset));
}

std::optional<std::string> onnx_runtime() {
#if defined(__aarch64__)
  constexpr std::string_view kMachine = "arm64";
#else
  constexpr std::string_view kMachine = "x64";
#endif
  const std::filesystem::path folder =
      source_path("tests/node/node_modules/onnxruntime-node/bin/napi-v3/linux") / kMachine;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    if (entry.path().filename().string().starts_with("libonnxruntime.so")) return entry.path().string();
  }
  for (const char* name : {"libonnxruntime.so.1", "libonnxruntime.so"}) {
    if (dlopen(name, RTLD_NOW | RTLD_LOCAL) != nullptr) return "";
  }
  return std::nullopt;
}

}  // namespace vigie::test
