// Texts written in a markup of their own, as plain text: what a reader sees, without the signs that made it look so.

#pragma once

#include <string>
#include <string_view>

namespace vigie {

// Markdown as forums and trackers write it (CommonMark and GitHub's additions): links keep their words, images their
// description, code its text; quotes of others ("> ...") are left out, they are somebody else's opinion.
std::string markdown_to_text(std::string_view text);

// [b]..[/b], [url=..]..[/url]; [quote] is left out with what it holds.
std::string bbcode_to_text(std::string_view text);

// Slack's mrkdwn: &amp; &lt; &gt;, <@U123|name>, <#C123|channel>, <https://link|words>.
std::string slack_to_text(std::string_view text);

}  // namespace vigie
