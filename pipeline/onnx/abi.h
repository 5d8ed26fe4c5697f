// The part of ONNX Runtime's C interface that we call, by place in its table of functions. The table only grows at its
// end and old places keep their meaning (https://onnxruntime.ai/docs/api/c), so the places of its first version, asked
// for by that number, are right for every runtime since 1.0. No header of the runtime is needed to build.

#pragma once

#include <cstddef>
#include <cstdint>

namespace vigie::onnx {

// Opaque things of the runtime.
struct Status;
struct Env;
struct Options;
struct Session;
struct Value;
struct TypeInfo;
struct ShapeInfo;
struct MemoryInfo;
struct Allocator;

struct ApiBase {
  const void* (*api)(std::uint32_t version);
  const char* (*version)();
};
using ApiBaseFunction = const ApiBase* (*)();

inline constexpr std::uint32_t kApiVersion = 1;

enum class ElementType : int { none = 0, float32 = 1, int64 = 7 };

// Numbers that the functions take.
inline constexpr int kLogFatal = 4;
inline constexpr int kArenaAllocator = 1;
inline constexpr int kDefaultMemory = 0;
inline constexpr int kSequential = 0;

// Every function that can fail returns a Status to be released, or null.
struct Api {
  const char* (*error_message)(const Status*) = nullptr;
  Status* (*create_env)(int level, const char* name, Env**) = nullptr;
  Status* (*disable_telemetry)(const Env*) = nullptr;
  Status* (*create_session)(const Env*, const char* path, const Options*, Session**) = nullptr;
  Status* (*run)(Session*, const void* run_options, const char* const* input_names, const Value* const* inputs,
                 std::size_t input_count, const char* const* output_names, std::size_t output_count,
                 Value** outputs) = nullptr;
  Status* (*create_options)(Options**) = nullptr;
  Status* (*set_execution_mode)(Options*, int mode) = nullptr;
  Status* (*set_log_level)(Options*, int level) = nullptr;
  Status* (*set_threads_within)(Options*, int) = nullptr;
  Status* (*set_threads_between)(Options*, int) = nullptr;
  Status* (*input_count)(const Session*, std::size_t*) = nullptr;
  Status* (*output_count)(const Session*, std::size_t*) = nullptr;
  Status* (*input_type)(const Session*, std::size_t, TypeInfo**) = nullptr;
  Status* (*output_type)(const Session*, std::size_t, TypeInfo**) = nullptr;
  Status* (*input_name)(const Session*, std::size_t, Allocator*, char**) = nullptr;
  Status* (*output_name)(const Session*, std::size_t, Allocator*, char**) = nullptr;
  Status* (*create_tensor)(const MemoryInfo*, void* data, std::size_t bytes, const std::int64_t* shape,
                           std::size_t dimensions, int element_type, Value**) = nullptr;
  Status* (*tensor_data)(Value*, void**) = nullptr;
  Status* (*shape_of_type)(const TypeInfo*, const ShapeInfo**) = nullptr;  // lent; null when it is no tensor
  Status* (*element_type)(const ShapeInfo*, int*) = nullptr;
  Status* (*dimension_count)(const ShapeInfo*, std::size_t*) = nullptr;
  Status* (*dimensions)(const ShapeInfo*, std::int64_t*, std::size_t) = nullptr;
  Status* (*shape_of_value)(const Value*, ShapeInfo**) = nullptr;
  Status* (*create_cpu_memory)(int allocator, int memory, MemoryInfo**) = nullptr;
  Status* (*allocator_free)(Allocator*, void*) = nullptr;
  Status* (*default_allocator)(Allocator**) = nullptr;
  void (*release_env)(Env*) = nullptr;
  void (*release_status)(Status*) = nullptr;
  void (*release_memory)(MemoryInfo*) = nullptr;
  void (*release_session)(Session*) = nullptr;
  void (*release_value)(Value*) = nullptr;
  void (*release_type)(TypeInfo*) = nullptr;
  void (*release_shape)(ShapeInfo*) = nullptr;
  void (*release_options)(Options*) = nullptr;
};

// The functions above out of the runtime's table of version 1.
Api read_table(const void* table);

}  // namespace vigie::onnx
