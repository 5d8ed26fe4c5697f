// What every console page is written from, and the parts that several share.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/page.h"
#include "base/wording.h"
#include "console/console.h"
#include "model/incident.h"
#include "model/stored.h"
#include "store/collecting.h"

namespace vigie {

struct ConsoleView {
  const Settings& settings;
  const ServerRequest& request;
  const Wording& wording;
  Time now;
  const std::vector<std::string>& themes;  // ids of the taxonomy

  std::string brand_name(std::string_view id) const;  // the id itself when it is configured no more
  std::string home() const { return concat("/?lang=", wording.language()); }
};

// In the language that the address or else the form asks for, else in the browser's.
Result<Wording> console_wording(const ServerRequest& request);

const std::vector<Asset>& console_assets();  // style sheet, icon

// `body` within the page's frame. `inside`: signed in, so that the way out is offered.
Result<std::string> console_frame(const ConsoleView& view, std::string_view title, std::string_view body, bool inside);

// A page of one sentence; `refresh` is an address the browser should go to by itself, or "".
Result<std::string> console_message(const ConsoleView& view, std::string_view title_key, std::string_view key,
                                    std::string_view refresh = "");

Result<std::string> overview_page(const ConsoleView& view, Store& store);
Result<std::optional<std::string>> incident_page(const ConsoleView& view, Store& store, const std::string& id);

// {"text", "iso", "full"}: relative words, and the absolute time for those who hover or need it.
void write_ago(json::Writer& out, std::string_view key, Time time, const ConsoleView& view);
// `facts` of all sources: what their networks ask to be told beside what was taken from them.
void write_mention(json::Writer& out, const StoredMention& stored, const ConsoleView& view,
                   const std::vector<SourceFacts>& facts);
void write_themes(json::Writer& out, const std::vector<std::string>& themes, const ConsoleView& view);
// When its story began: before the first alarm, and not after a reopening.
Time began(const Incident& incident);
// Members headline, reason, state, severity, since, themes, href of an object already begun.
void write_incident(json::Writer& out, const Incident& incident, const ConsoleView& view);

}  // namespace vigie
