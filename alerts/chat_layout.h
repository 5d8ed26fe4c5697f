// A story as chats lay it out: the same parts in the same order everywhere (what is it, how much, since when, what is
// new, what rises, who says so, what next, the links), each channel with its own means. Advice and chart stand in the
// mail and behind the link "open": a chat is read in passing.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/chat_text.h"
#include "alerts/story.h"

namespace vigie {

// Every text on one line (one_line) and no longer than a person reads in a chat, links that are none left out.
Story for_chat(const Story& story);

// `story` after for_chat(), cut from what matters least until it fits: the reason for receiving it, the small curve, confidence and reach,
// quotes, what rises, rows, lateness, the next step, what changed, links, since when, the state, the figures, and at
// last the title. As it is the story that is cut and never its markup, no escape and no tag can break.
Story fitted(const Story& story, const std::function<bool(const Story&)>& fits);

// The parts in one markup; "" or none where there is nothing to say. Each is one line.
struct ChatLines {
  std::string headline;  // "🔴 Acme : avis négatifs ×6 (livraison)"; not bold
  std::string badge;     // "Nouveau · gravité : élevée"
  std::string summary;   // "212 en 1 h, attendu 35 · depuis 17:40, en hausse ▁▂▅█ · confiance élevée"
  std::string changed, late;
  std::vector<std::string> rows;
  std::string rising;  // "Ce qui monte : « colis jamais arrivé » 74 · ..."
  std::string quotes_title;
  std::vector<std::string> quotes;  // "« ... » — @client-0042, 1 240 abonnés · voir"
  std::string next;
  std::string actions;  // "Je prends · Muet 1 h · ..." as links
  std::string footer;   // "ACME-1F3A · Vous recevez ceci car..."
};
ChatLines lines_of(const Story& story, Markup markup);

// What stands before and behind each quote.
struct QuoteMarks {
  std::string_view open, close = "";
};
// All of them under the headline, in order; with an empty line between what does not belong together.
std::string body_of(const ChatLines& lines, const QuoteMarks& marks, std::string_view line_end = "\n");

// Links a reader acts by, the main one first; at most `most`.
std::vector<const Story::Link*> buttons(const Story& story, std::size_t most);

// "🔴 Acme : avis négatifs ×6 (livraison)", as nothing but text.
std::string headline_of(const Story& story);

// 0xRRGGBB of the tone, for channels that show a coloured edge.
int colour_of(Story::Tone tone);

}  // namespace vigie
