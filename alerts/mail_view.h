// A story laid out as a mail: the data of templates/mail.txt and templates/mail.html.

#pragma once

#include <string>
#include <string_view>

#include "alerts/story.h"
#include "base/result.h"

namespace vigie {

struct RenderedMail {
  std::string text, html;  // same facts
};

// A story of a title, a lead and little else makes a mail too: what has nothing to say is left out. `chart`: the
// address at which the HTML finds the story's picture, "" for none.
Result<RenderedMail> render_mail(const Story& story, std::string_view chart);

}  // namespace vigie
