// The links by which a message acts: signed, for one person, one incident and one action, and for a limited time.
// Following one shows a page; only the button there acts (mail scanners open every link they see).

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/notification.h"

namespace vigie {

struct ActionLink {
  std::string action;        // ack mute mute_until_morning false_alarm unsubscribe
  std::string subject;       // id of the incident
  std::string endpoint;      // that the message went to
  std::string person;        // "" = an endpoint that several read
  std::string notification;  // id of the message: the same link used twice is one act
  Time expires{};
};

class Links {
 public:
  // `key`: 32 secret bytes of this installation; `public_url`: as readers reach the public listener.
  Links(std::string key, std::string public_url) : key_(std::move(key)), public_url_(std::move(public_url)) {}

  // https://reviews.example.org/a/TOKEN, or /u/TOKEN to unsubscribe.
  std::string url(const ActionLink& link) const;

  // The same act by a token of 24 characters, for messages that are short of room: it holds the action, the hour of its
  // end and which message it stands in; whose it is and what it is about stand with that message. "" where there is
  // none: to unsubscribe, which must work when the message is long gone.
  std::string short_url(const ActionLink& link) const;

  // Of a short one, subject, endpoint and person are empty and `notification` is the beginning of the message's id.
  // bad_data: not one of ours, or changed (nothing tells which); gone: too old, what it says is in `link` nonetheless.
  Result<ActionLink> read(std::string_view token, Time now) const;

 private:
  std::string sign(std::string_view payload) const;
  Result<ActionLink> read_short(std::string_view bytes, Time now) const;

  std::string key_, public_url_;
};

// What the message's reader may do about it, kind and address, in the order in which they are offered; by short
// addresses where the channel is `brief`.
std::vector<std::pair<std::string, std::string>> actions_for(const Notification& notification, const Links& links,
                                                             Time expires, bool brief = false);

// The subject of a link by which a person leaves their summaries; no brand has such an id.
inline constexpr std::string_view kDigests = "summaries:";

// The act an ActionLink stands for has this id: it happens once.
std::string act_id(const ActionLink& link);

}  // namespace vigie
