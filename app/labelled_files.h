// Labelled rows as the commands that train and measure models take them.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "pipeline/labelled_rows.h"

namespace vigie {

// The rows of all files, weighed by `sets` ("SET[:LANG]=WEIGHT[p][d]"). bad_config names a file or rule that cannot be
// read, bad_data a line.
Result<std::vector<LabelledRow>> read_labelled_files(const std::vector<std::string>& paths,
                                                     const std::vector<std::string>& sets, LabelOf label_of);

}  // namespace vigie
