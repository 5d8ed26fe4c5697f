// A text classifier in a file of ONNX: numbers of words in, a score for each class out.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/onnx/runtime.h"

namespace vigie::onnx {

class Network {
 public:
  // bad_config, with the runtime's words, when the file is no model or asks for what a text classifier does not:
  // its inputs are input_ids and perhaps attention_mask and token_type_ids, whole numbers of [texts, words]; its output
  // is called logits, or is the only one of [texts, classes] numbers.
  static Result<Network> open(std::shared_ptr<const Runtime> runtime, const std::string& path);

  // Scores of each text, `classes` a text; texts of unlike length are filled up with `padding`, which does not count.
  // bad_data, with the runtime's words, when the model does not take them or answers in another shape.
  Result<std::vector<float>> run(std::span<const std::vector<std::int64_t>> texts, std::int64_t padding,
                                 std::size_t classes) const;

  std::int64_t texts_at_once() const { return texts_; }  // 0: any number
  std::int64_t words() const { return words_; }          // of every text, filled up; 0: any number
  std::int64_t classes() const { return classes_; }      // 0: the file does not say
  bool gives_probabilities() const { return probabilities_; }

 private:
  enum class Input { ids, mask, types };
  struct Named {
    std::string name;
    int element_type = 0;
    std::vector<std::int64_t> shape;
    bool tensor = false;
  };
  using TypeFunction = Status* (*)(const Session*, std::size_t, TypeInfo**);
  using NameFunction = Status* (*)(const Session*, std::size_t, Allocator*, char**);

  explicit Network(std::shared_ptr<const Runtime> runtime);
  Result<void> load(const std::string& path);
  Result<Named> describe(std::size_t index, TypeFunction type, NameFunction name) const;
  Result<std::vector<std::int64_t>> shape_of(const ShapeInfo* info) const;
  Result<void> find_inputs();
  Result<void> find_output();
  Result<Owned<Value>> tensor(std::vector<std::int64_t>& numbers, std::span<const std::int64_t> shape) const;
  Result<std::vector<float>> scores(Value* value, std::size_t texts, std::size_t classes) const;

  std::shared_ptr<const Runtime> runtime_;
  Owned<Session> session_;
  Owned<MemoryInfo> memory_;
  std::vector<std::pair<std::string, Input>> inputs_;
  std::string output_;
  std::int64_t texts_ = 0, words_ = 0, classes_ = 0;
  bool probabilities_ = false;
};

}  // namespace vigie::onnx
