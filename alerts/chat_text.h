// One text in the markup of a chat. What strangers wrote stays what they wrote: it cannot format, mention anybody,
// become a link, end a tag, or turn the direction of what follows.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vigie {

enum class Markup {
  plain,
  slack,       // mrkdwn: *b*, <url|label>
  commonmark,  // Mattermost
  discord,     // its Markdown, in an embed
  rocket,      // Rocket.Chat: *b*, [label](url)
  telegram,    // the HTML of parse_mode
  matrix,      // org.matrix.custom.html
  card,        // the HTML of Google Chat's cards
};

std::string escaped(Markup markup, std::string_view text);
std::string bold(Markup markup, std::string_view text);
// `label` as a link; the label alone where `url` is not one that web_link() lets through.
std::string link(Markup markup, std::string_view label, std::string_view url);

// Valid UTF-8 on one line: no control characters, no marks that turn the direction of what follows, single spaces.
// No-break spaces and the joiners of emoji stay.
std::string one_line(std::string_view text);

// The beginning of `text`, at most `count` code points with the "…" of a cut; whole graphemes, as long as one fits.
std::string cut(std::string_view text, std::size_t count);

// As most chats count: an emoji beyond the 65,536 first code points is two.
std::size_t utf16_units(std::string_view text);

// An http or https address safe within every markup: what may not stand in a URI, and brackets, are percent-encoded.
// "" for anything else, and for more than `most` bytes.
std::string web_link(std::string_view url, std::size_t most = 1000);

// Whether a stranger's server would take this host for one of the Internet: some refuse a whole message for a button
// that leads to "localhost".
bool has_public_name(std::string_view url);

}  // namespace vigie
