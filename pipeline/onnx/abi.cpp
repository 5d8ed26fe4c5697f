#include "pipeline/onnx/abi.h"

namespace vigie::onnx {

Api read_table(const void* table) {
  using Any = void (*)();
  const auto* const slots = static_cast<const Any*>(table);
  Api api;
  const auto take = [slots]<class F>(std::size_t place, F*& into) { into = reinterpret_cast<F*>(slots[place]); };
  take(2, api.error_message);
  take(3, api.create_env);
  take(6, api.disable_telemetry);
  take(7, api.create_session);
  take(9, api.run);
  take(10, api.create_options);
  take(13, api.set_execution_mode);
  take(22, api.set_log_level);
  take(24, api.set_threads_within);
  take(25, api.set_threads_between);
  take(30, api.input_count);
  take(31, api.output_count);
  take(33, api.input_type);
  take(34, api.output_type);
  take(36, api.input_name);
  take(37, api.output_name);
  take(49, api.create_tensor);
  take(51, api.tensor_data);
  take(55, api.shape_of_type);
  take(60, api.element_type);
  take(61, api.dimension_count);
  take(62, api.dimensions);
  take(65, api.shape_of_value);
  take(69, api.create_cpu_memory);
  take(76, api.allocator_free);
  take(78, api.default_allocator);
  take(92, api.release_env);
  take(93, api.release_status);
  take(94, api.release_memory);
  take(95, api.release_session);
  take(96, api.release_value);
  take(98, api.release_type);
  take(99, api.release_shape);
  take(100, api.release_options);
  return api;
}

}  // namespace vigie::onnx
