// A logic-less subset of Mustache whose escaping follows the context named at the call: HTML, plain text, JSON string.
// {{name}} escaped · {{{name}}} refused outside trusted templates · {{#name}}..{{/name}} list, object or truth ·
// {{^name}} inverted · {{.}} · {{! comment}} · no partials, no lambdas, no set-delimiter.
// Not true: absent, null, false, 0, "" and the empty list. A section tag alone on its line takes the line with it.

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace vigie {

enum class Escape { html, text, json };

// bad_config with line and column for an unclosed or mismatched section or an unknown tag.
// A name that is absent renders as "", and so does a list or an object. Dotted names allowed. Trusted templates (shipped) may use {{{raw}}}.
Result<std::string> render(std::string_view source, const json::Value& data, Escape escape, bool trusted = false);

}  // namespace vigie
