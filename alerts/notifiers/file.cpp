// Messages as files, for trying vigie without a mail server: NNN-purpose-endpoint.eml opens in a mail program,
// the .html beside it in a browser. A file appears whole or not at all; the same notification is written once.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "alerts/compose.h"
#include "alerts/letter.h"
#include "alerts/notifier_kind.h"
#include "base/text.h"
#include "base/whole_file.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeaderBytes = 4096;  // X-Vigie-Notification stands well within

// Ids become part of a file's name: nothing in them may lead out of the folder.
std::string file_word(std::string_view id) {
  std::string out = ascii_lower(id);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'); }, '-');
  return out.substr(0, 60);
}

bool holds(const fs::path& mail, const std::string& notification_id) {
  std::ifstream file(mail, std::ios::binary);
  std::string head(kHeaderBytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return head.find(concat("\r\nX-Vigie-Notification: ", notification_id, "\r\n")) != std::string::npos;
}

struct Folder {
  int highest = 0;      // number of the newest mail
  std::string already;  // name of the mail of this notification, "" = none
};

Result<Folder> look_into(const fs::path& path, const std::string& notification_id) {
  std::error_code error;
  fs::create_directories(path, error);
  fs::directory_iterator entries(path, error);
  if (error) return fail(not_written(path, error.value()));
  Folder folder;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    const bool numbered = name.size() > 4 && name.find_first_not_of("0123456789") >= 3 && name.ends_with(".eml");
    if (!numbered) continue;
    folder.highest = std::max(folder.highest, std::atoi(name.c_str()));
    if (holds(entry.path(), notification_id)) folder.already = name;
  }
  return folder;
}

class File final : public Notifier {
 public:
  explicit File(const NotifierContext& context) : context_(context) {}

  // The page, and the mail behind it: a NUL stands in neither.
  Result<std::string> render(const Story& story, const Outgoing& out) override {
    TRY(const ComposedMail mail, compose_mail(story, out, context_));
    TRY(const std::string page, mail_page(story));
    return concat(page, std::string_view("\0", 1), mail.bytes);
  }

  Result<std::string> render_letter(const CustomerLetter& letter, const Outgoing& out) override {
    TRY(const std::string mail, compose_letter(letter, out, context_));
    return concat(letter.html, std::string_view("\0", 1), mail);
  }

  Result<Sent> send(const std::string& payload, const Outgoing& out) override {
    auto sent = write(payload, out.notification, out.endpoint);
    if (sent) return sent;
    Error error = std::move(sent.error());
    error.what = concat("file ", out.endpoint.id, ": ", without_secrets(std::move(error.what), {}));
    return fail(std::move(error));
  }

 private:
  static Result<Sent> write(const std::string& payload, const Notification& notification,
                            const EndpointSettings& endpoint) {
    if (endpoint.folder.empty()) return fail(ErrorKind::bad_config, "no folder: set `folder` of this endpoint");
    const std::size_t parting = payload.find('\0');
    if (parting == std::string::npos) return fail(ErrorKind::bug, "a message without its page");
    const std::string_view page = std::string_view(payload).substr(0, parting);
    const std::string_view mail = std::string_view(payload).substr(parting + 1);
    const fs::path path(endpoint.folder);
    TRY(const Folder folder, look_into(path, notification.id));
    if (!folder.already.empty()) return Sent{folder.already, true};
    const std::string number = std::to_string(folder.highest + 1);
    const std::string name = concat(std::string(3 - std::min<std::size_t>(3, number.size()), '0'), number, "-",
                                    file_word(notification.purpose), "-", file_word(endpoint.id));
    // The page first: once the mail is there, the notification counts as written.
    TRY(write_whole(path / (name + ".html"), page));
    TRY(write_whole(path / (name + ".eml"), mail));
    return Sent{name + ".eml", true};
  }

  const NotifierContext context_;
};

std::unique_ptr<Notifier> make(const NotifierContext& context) { return std::make_unique<File>(context); }

}  // namespace

NotifierKind file_notifier() { return {"file", make, {true, {}, kDay}}; }

}  // namespace vigie
