#include "pipeline/onnx/network.h"

#include <algorithm>

namespace vigie::onnx {
namespace {

constexpr std::size_t kMostDimensions = 8;

std::string shown(std::span<const std::int64_t> shape) {
  std::string out = "[";
  for (const std::int64_t length : shape) {
    out += concat(out.size() == 1 ? "" : ", ", length < 0 ? "any" : std::to_string(length));
  }
  return out + "]";
}

}  // namespace

Network::Network(std::shared_ptr<const Runtime> runtime)
    : runtime_(std::move(runtime)),
      session_(nullptr, runtime_->api().release_session),
      memory_(nullptr, runtime_->api().release_memory) {}

Result<Network> Network::open(std::shared_ptr<const Runtime> runtime, const std::string& path) {
  Network network(std::move(runtime));
  Result<void> opened = network.load(path);
  if (opened) opened = network.find_inputs();
  if (opened) opened = network.find_output();
  if (!opened) return fail(ErrorKind::bad_config, concat(path, ": ", opened.error().what));
  return network;
}

// One thread, one step after the other: sums come out the same each time, and judging leaves the other cores alone.
Result<void> Network::load(const std::string& path) {
  const Api& api = runtime_->api();
  Options* made = nullptr;
  TRY(runtime_->check(api.create_options(&made), "session options"));
  const Owned<Options> options(made, api.release_options);
  TRY(runtime_->check(api.set_threads_within(made, 1), "session options"));
  TRY(runtime_->check(api.set_threads_between(made, 1), "session options"));
  TRY(runtime_->check(api.set_execution_mode(made, kSequential), "session options"));
  TRY(runtime_->check(api.set_log_level(made, kLogFatal), "session options"));
  Session* session = nullptr;
  TRY(runtime_->check(api.create_session(runtime_->env(), path.c_str(), made, &session),
                      concat("cannot be used as a model by ONNX Runtime ", runtime_->version())));
  session_.reset(session);
  MemoryInfo* memory = nullptr;
  TRY(runtime_->check(api.create_cpu_memory(kArenaAllocator, kDefaultMemory, &memory), "memory"));
  memory_.reset(memory);
  return {};
}

Result<std::vector<std::int64_t>> Network::shape_of(const ShapeInfo* info) const {
  const Api& api = runtime_->api();
  std::size_t count = 0;
  TRY(runtime_->check(api.dimension_count(info, &count), "shape"));
  if (count > kMostDimensions) return fail(ErrorKind::bad_data, "a shape of too many dimensions");
  std::vector<std::int64_t> shape(count);
  TRY(runtime_->check(api.dimensions(info, shape.data(), count), "shape"));
  return shape;
}

Result<Network::Named> Network::describe(std::size_t index, TypeFunction type, NameFunction name) const {
  const Api& api = runtime_->api();
  Named out;
  Allocator* allocator = nullptr;
  TRY(runtime_->check(api.default_allocator(&allocator), "allocator"));
  char* text = nullptr;
  TRY(runtime_->check(name(session_.get(), index, allocator, &text), "name"));
  out.name = text;
  TRY(runtime_->check(api.allocator_free(allocator, text), "name"));
  TypeInfo* info = nullptr;
  TRY(runtime_->check(type(session_.get(), index, &info), "type"));
  const Owned<TypeInfo> owned(info, api.release_type);
  const ShapeInfo* shape = nullptr;
  TRY(runtime_->check(api.shape_of_type(info, &shape), "type"));
  out.tensor = shape != nullptr;
  if (!out.tensor) return out;
  TRY(runtime_->check(api.element_type(shape, &out.element_type), "type"));
  TRY(out.shape, shape_of(shape));
  return out;
}

Result<void> Network::find_inputs() {
  const Api& api = runtime_->api();
  std::size_t count = 0;
  TRY(runtime_->check(api.input_count(session_.get(), &count), "inputs"));
  bool ids = false;
  for (std::size_t i = 0; i < count; ++i) {
    TRY(const Named input, describe(i, api.input_type, api.input_name));
    if (input.name == "input_ids") {
      inputs_.emplace_back(input.name, Input::ids);
      ids = true;
    } else if (input.name == "attention_mask" || input.name == "input_mask") {
      inputs_.emplace_back(input.name, Input::mask);
    } else if (input.name == "token_type_ids" || input.name == "segment_ids") {
      inputs_.emplace_back(input.name, Input::types);
    } else {
      return fail(ErrorKind::bad_config,
                  concat("asks for an input \"", input.name,
                         "\"; a text classifier has input_ids, attention_mask and token_type_ids"));
    }
    if (input.element_type != static_cast<int>(ElementType::int64) || input.shape.size() != 2)
      return fail(ErrorKind::bad_config,
                  concat("the input ", input.name,
                         " should be 64-bit whole numbers of [texts, words], found another form ", shown(input.shape)));
    texts_ = std::max<std::int64_t>(input.shape[0], 0);
    words_ = std::max<std::int64_t>(input.shape[1], 0);
  }
  if (!ids) return fail(ErrorKind::bad_config, "has no input called input_ids: not a text classifier");
  if (texts_ > 1)
    return fail(ErrorKind::bad_config, concat("takes exactly ", std::to_string(texts_),
                                              " texts at once; export it for any number, or for one"));
  return {};
}

Result<void> Network::find_output() {
  const Api& api = runtime_->api();
  std::size_t count = 0;
  TRY(runtime_->check(api.output_count(session_.get(), &count), "outputs"));
  std::vector<Named> fitting;
  for (std::size_t i = 0; i < count; ++i) {
    TRY(Named output, describe(i, api.output_type, api.output_name));
    if (output.tensor && output.element_type == static_cast<int>(ElementType::float32) && output.shape.size() == 2)
      fitting.push_back(std::move(output));
  }
  auto found = std::find_if(fitting.begin(), fitting.end(), [](const Named& o) { return o.name == "logits"; });
  if (found == fitting.end() && fitting.size() == 1) found = fitting.begin();
  if (found == fitting.end())
    return fail(ErrorKind::bad_config,
                concat("should have one output of [texts, classes] 32-bit numbers, or one called logits; found ",
                       std::to_string(fitting.size())));
  output_ = found->name;
  probabilities_ = output_.find("prob") != std::string::npos;
  classes_ = std::max<std::int64_t>(found->shape[1], 0);
  return {};
}

Result<Owned<Value>> Network::tensor(std::vector<std::int64_t>& numbers, std::span<const std::int64_t> shape) const {
  Value* value = nullptr;
  TRY(runtime_->check(
      runtime_->api().create_tensor(memory_.get(), numbers.data(), numbers.size() * sizeof numbers[0], shape.data(),
                                    shape.size(), static_cast<int>(ElementType::int64), &value),
      "input", ErrorKind::bad_data));
  return Owned<Value>(value, runtime_->api().release_value);
}

Result<std::vector<float>> Network::run(std::span<const std::vector<std::int64_t>> texts, std::int64_t padding,
                                        std::size_t classes) const {
  std::size_t longest = static_cast<std::size_t>(words_);
  for (const std::vector<std::int64_t>& text : texts) longest = std::max(longest, text.size());
  std::vector<std::int64_t> ids(texts.size() * longest, padding), mask(ids.size(), 0), types(ids.size(), 0);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i * longest);
    std::copy(texts[i].begin(), texts[i].end(), ids.begin() + at);
    std::fill_n(mask.begin() + at, texts[i].size(), 1);
  }

  const std::array shape = {static_cast<std::int64_t>(texts.size()), static_cast<std::int64_t>(longest)};
  std::vector<Owned<Value>> values;
  std::vector<const Value*> lent;
  std::vector<const char*> names;
  for (const auto& [name, input] : inputs_) {
    TRY(Owned<Value> value, tensor(input == Input::ids ? ids : input == Input::mask ? mask : types, shape));
    lent.push_back(value.get());
    names.push_back(name.c_str());
    values.push_back(std::move(value));
  }
  const char* const output = output_.c_str();
  Value* answered = nullptr;
  TRY(runtime_->check(
      runtime_->api().run(session_.get(), nullptr, names.data(), lent.data(), lent.size(), &output, 1, &answered),
      "the model failed", ErrorKind::bad_data));
  const Owned<Value> owned(answered, runtime_->api().release_value);
  return scores(answered, texts.size(), classes);
}

Result<std::vector<float>> Network::scores(Value* value, std::size_t texts, std::size_t classes) const {
  const Api& api = runtime_->api();
  ShapeInfo* info = nullptr;
  TRY(runtime_->check(api.shape_of_value(value, &info), "output", ErrorKind::bad_data));
  const Owned<ShapeInfo> owned(info, api.release_shape);
  TRY(const std::vector<std::int64_t> shape, shape_of(info));
  const std::vector<std::int64_t> expected = {static_cast<std::int64_t>(texts), static_cast<std::int64_t>(classes)};
  if (shape != expected)
    return fail(ErrorKind::bad_data, concat("the model answered in the shape ", shown(shape), ", expected ",
                                            shown(expected), ": are its `labels` all named?"));
  void* data = nullptr;
  TRY(runtime_->check(api.tensor_data(value, &data), "output", ErrorKind::bad_data));
  const auto* const numbers = static_cast<const float*>(data);
  return std::vector<float>(numbers, numbers + texts * classes);
}

}  // namespace vigie::onnx
