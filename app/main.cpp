// The command line: what each command is called, what it takes, and where it goes. CLI11 stays in this file.

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>

#include "app/cmd_adapt.h"
#include "app/cmd_backtest.h"
#include "app/cmd_backup.h"
#include "app/cmd_check.h"
#include "app/cmd_correct.h"
#include "app/cmd_data.h"
#include "app/cmd_demo.h"
#include "app/cmd_detect.h"
#include "app/cmd_doctor.h"
#include "app/cmd_eval.h"
#include "app/cmd_explain.h"
#include "app/cmd_feed.h"
#include "app/cmd_incident.h"
#include "app/cmd_notify.h"
#include "app/cmd_oncall.h"
#include "app/cmd_outbox.h"
#include "app/cmd_privacy.h"
#include "app/cmd_query.h"
#include "app/cmd_replay.h"
#include "app/cmd_review.h"
#include "app/cmd_run.h"
#include "app/cmd_score.h"
#include "app/cmd_silence.h"
#include "app/cmd_source.h"
#include "app/cmd_survey.h"
#include "app/cmd_themes.h"
#include "app/cmd_train.h"
#include "app/cmd_train_language.h"
#include "app/cmd_verdict.h"
#include "app/cmd_verify.h"
#include "app/cmd_wall.h"
#include "app/cmd_watch.h"
#include "app/cmd_witness.h"
#include "app/exit.h"
#include "base/clock.h"
#include "base/log.h"
#include "collectors/definition.h"
#include "collectors/source.h"
#include "config/settings.h"

namespace vigie {

namespace {
std::map<std::string, std::string> pairs(const std::vector<std::string>& given) {
  std::map<std::string, std::string> out;
  for (const std::string& pair : given) {
    const std::size_t equal = pair.find('=');
    out[pair.substr(0, equal)] = equal == std::string::npos ? "" : pair.substr(equal + 1);
  }
  return out;
}

// The recorded exchanges' clock stands still at this time unless --now says otherwise (DESIGN: replay tests).
constexpr std::string_view kTestNow = "2026-11-21T00:00:00Z";

int source_test(SourceTest test, const std::string& now, const std::vector<std::string>& params,
                const std::vector<std::string>& secrets) {
  const Result<Time> at = parse_rfc3339(now);
  if (!at) {
    std::cerr << "vigie source test: --now: " << at.error().what << "\n";
    return kBadInput;
  }
  test.now = *at;
  test.params = pairs(params);
  test.secrets = pairs(secrets);
  std::string out, err;
  const int status = test_source(test, out, err);
  std::cout << out;
  std::cerr << err;
  return status;
}

int feed(const std::string& target, const std::vector<std::string>& allow_private) {
  const SystemClock clock;
  Metrics metrics;
  HttpOptions options;
  options.user_agent = concat("vigie/", VIGIE_VERSION);
  options.allow_private = allow_private;
  const std::unique_ptr<HttpClient> http = make_http_client(options, clock, metrics);
  return cmd_feed(target, *http, clock.now(), std::cout, std::cerr);
}

int replay_file(const std::string& target, double budget, bool terms) {
  if (target == "-") return replay(std::cin, std::cout, std::cerr, budget, terms);
  std::ifstream file(target, std::ios::binary);
  if (!file) {
    std::cerr << "vigie replay: " << target << ": cannot be read; check the path and its permissions\n";
    return kBadInput;
  }
  return replay(file, std::cout, std::cerr, budget, terms);
}

int themes_eval_file(const std::string& target, const std::vector<std::string>& files, bool misses) {
  if (target == "-") return themes_eval(std::cin, files, misses, std::cout, std::cerr);
  std::ifstream file(target, std::ios::binary);
  if (!file) {
    std::cerr << "vigie themes eval: " << target << ": cannot be read; check the path and its permissions\n";
    return kBadInput;
  }
  return themes_eval(file, files, misses, std::cout, std::cerr);
}

// What the command line asked for, filled by CLI11.
struct Arguments {
  std::string config = "vigie.toml";
  std::string target = "-";
  std::string now{kTestNow};
  double budget = 1.0;
  bool misses = false, terms = false, json_logs = false, reference = false;
  std::vector<std::string> params, secrets, allow_private, themes;
  std::string source_config;
  std::vector<std::string> map;
  bool csv = false;
  DemoOptions demo;
  WatchOptions watch;
  SourceTest source;
  QueryTry query;
  AdaptRequest adapt;
  CorrectRequest correct;
  BacktestRequest backtest;
  ExplainRequest explain;
  VerdictRequest verdict;
  IncidentRequest incident;
  NotifyRequest notify;
  SilenceRequest silence;
  OnCallRequest oncall;
  OutboxRequest outbox;
  ReviewRequest review;
  PrivacyRequest privacy;
  BackupRequest backup;
  TrainRequest train;
  EvalRequest eval;
  ScoreRequest score;
  TrainLanguageRequest train_language;
  VerifyRequest verify;
  WallRequest wall;
  WitnessRequest witness;
  SurveyRequest survey;
};

using Actions = std::map<CLI::App*, std::function<int()>>;

// The transparency log: verify, wall, witness.
void add_log_commands(CLI::App& app, Arguments& arguments, Actions& actions) {
  VerifyRequest& verify = arguments.verify;
  CLI::App* verifying = app.add_subcommand(
      "verify", "check everything that a wall's log, and what the wall shows, allow (docs/transparency-log.md)");
  verifying->add_option("log", verify.target, "folder or http(s) address of a wall or its log")->required();
  verifying->add_option("--key", verify.key, "the log's key; its own word is taken when absent");
  verifying->add_option("--policy", verify.policy,
                        "file of trusted logs and witnesses, and how many must have cosigned");
  verifying->add_option("--audit", verify.drawn_for, "entry of an outside audit's request: which reviews it looks at");
  verifying->add_option("--known", verify.known, "checkpoint or receipt kept from before: the log must extend it");
  verifying->add_option("--at", verify.at, "as of this time (RFC 3339); now when absent");
  verifying->add_option("--allow-private", verify.allow_private,
                        "private address the requests may go to, beside the one named");
  actions[verifying] = [&verify] { return cmd_verify(verify, std::cout, std::cerr); };

  WallRequest& request = arguments.wall;
  CLI::App* wall = app.add_subcommand("wall", "a brand's transparency log");
  wall->require_subcommand(1);
  const auto add = [&](const char* name, const char* help,
                       int (*act)(const WallRequest&, std::ostream&, std::ostream&)) {
    CLI::App* command = wall->add_subcommand(name, help);
    command->add_option("brand", request.brand, "its id")->required();
    command->add_option("-c,--config", request.config, "configuration file")->capture_default_str();
    actions[command] = [&request, act] { return act(request, std::cout, std::cerr); };
    return command;
  };
  add("key", "make its key, once, and print what verifiers need", cmd_wall_key);
  add("rotate", "another key from now on, allowed by the one in use", cmd_wall_rotate);
  add("publish", "put what was logged into tiles and a signed checkpoint", cmd_wall_publish)
      ->add_option("--policy", request.policy, "file of witnesses that are asked to cosign");
  add("rebuild", "write all of its files anew from the store", cmd_wall_rebuild);
  add("replay-erasures", "after a restored backup: take over what its published log knows", cmd_wall_replay)
      ->add_option("--log", request.log, "folder of the published log; the installation's own when absent");
  CLI::App* elsewhere =
      add("elsewhere", "note what another site counts: shown as a dated number and a link", cmd_wall_elsewhere);
  elsewhere->add_option("--source", request.source, "the site's name")->required();
  elsewhere->add_option("--count", request.count, "how many ratings it counts")->required();
  elsewhere->add_option("--mean", request.mean, "their mean")->required();
  elsewhere->add_option("--answer", request.answer, "file with the page as it was read; its hash is logged")
      ->required();
  elsewhere->add_option("--url", request.url, "https address that readers may follow");
  CLI::App* audit = add("audit", "note that somebody from outside audits it, and later what came of it", cmd_wall_audit);
  audit->add_option("--by", request.by, "who audits");
  audit->add_option("--count", request.count, "how many reviews are drawn");
  CLI::Option* const ref = audit->add_option("--entry", request.ref, "the result of the audit that this entry asked for");
  audit->add_option("--status", request.status, "its result")->check(CLI::IsMember({"passed", "failed"}))->needs(ref);
  audit->add_option("--report", request.report, "file with the auditor's report; its hash is logged")->needs(ref);
  add("receipt", "the proof that an entry is in it", cmd_wall_receipt)
      ->add_option("index", request.index, "the entry's place, from 0")
      ->required();

  add("numbers", "print its numbers as CSV: part,code,rating,value", cmd_wall_numbers);
  CLI::App* exporting =
      wall->add_subcommand("export", "write all walls and logs as static files, or bring them up to date");
  exporting->add_option("folder", request.folder, "where to")->required();
  exporting->add_option("--base-url", request.base_url, "where they will be shown; canonical addresses name it then");
  exporting->add_option("-c,--config", request.config, "configuration file")->capture_default_str();
  actions[exporting] = [&request] { return cmd_wall_export(request, std::cout, std::cerr); };
  add("embed", "print what other sites paste to show it: badge, frame, widget (docs/embed.md)", cmd_wall_embed);

  WitnessRequest& witness = arguments.witness;
  CLI::App* witnessing =
      app.add_subcommand("witness", "cosign other people's logs, so that they cannot show two histories");
  witnessing->require_subcommand(1);
  CLI::App* making = witnessing->add_subcommand("key", "make a witness's key and print what log owners need");
  making->add_option("name", witness.name, "its name, such as witness.example/w1")->required();
  making->add_option("--key", witness.key, "file to write")->capture_default_str();
  actions[making] = [&witness] { return cmd_witness_key(witness, std::cout, std::cerr); };
  CLI::App* serving = witnessing->add_subcommand("run", "answer POST /add-checkpoint until stopped");
  serving->add_option("--policy", witness.policy, "file with a `log KEY` line for each log it watches")->required();
  serving->add_option("--key", witness.key, "file of its key")->capture_default_str();
  serving->add_option("--data", witness.data, "folder of the checkpoints it remembers")->capture_default_str();
  serving->add_option("--listen", witness.listen, "host:port")->capture_default_str();
  actions[serving] = [&witness] { return cmd_witness_run(witness, std::cout, std::cerr); };
}

void add_survey(CLI::App& app, SurveyRequest& request, Actions& actions) {
  CLI::App* survey = app.add_subcommand("survey", "asking customers, and what their answers come to (docs/surveys.md)");
  survey->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, SurveyRequest::Do what) {
    CLI::App* command = survey->add_subcommand(name, help);
    command->add_option("-c,--config", request.config, "configuration file")->capture_default_str();
    actions[command] = [&request, what] {
      request.what = what;
      return cmd_survey(request, std::cout, std::cerr);
    };
    return command;
  };
  CLI::App* invite = add("invite", "ask the customers of a table, each once", SurveyRequest::Do::invite);
  invite->add_option("survey", request.survey, "its id")->required();
  invite->add_option("file", request.file, "CSV with id, email or phone, name, lang, when, order, place, channel; or -")
      ->required();
  CLI::App* links = add("links", "the links of those invited by link, as a table", SurveyRequest::Do::links);
  links->add_option("survey", request.survey, "its id")->required();
  CLI::App* measures =
      add("measures", "NPS, CES or CSAT with its interval, and the response rate", SurveyRequest::Do::measures);
  measures->add_option("survey", request.survey, "its id; all when absent");
  measures->add_option("--from", request.from, "day or time (UTC) of the first answers counted");
  measures->add_option("--to", request.to, "day or time (UTC) before which answers count");
  measures->add_flag("--json", request.json, "one JSON object a line");
  CLI::App* poster = add("poster", "a sheet with the survey's code for one place, as SVG", SurveyRequest::Do::poster);
  poster->add_option("survey", request.survey, "its id")->required();
  poster->add_option("place", request.place, "one of its places")->required();
  poster->add_flag("--kiosk", request.kiosk, "the address of a kiosk: it goes back to the question by itself");
  CLI::App* optout = add("optout", "ask somebody no more, at once and by any channel", SurveyRequest::Do::optout);
  CLI::App* consent =
      add("consent", "write down a consent with its proof, or list those of an address", SurveyRequest::Do::consent);
  for (CLI::App* command : {optout, consent}) {
    command->add_option("address", request.address, "e-mail or phone")->required();
    command->add_option("--brand", request.brand, "of this brand alone; all when absent");
  }
  consent->add_option("--basis", request.basis, "consent, legitimate-interest or withdrawn; absent: list");
  consent->add_option("--wording", request.wording, "what was shown to them, word for word");
  consent->add_option("--version", request.version, "version of that wording");
  consent->add_option("--how", request.how, "how it was collected: \"checkout page\", \"call\"");
  consent->add_option("--evidence", request.evidence, "what proves it: number of a form, of a recording");
  consent->add_option("--by", request.by, "who writes it down");
  consent->add_option("--at", request.from, "when it was given; now when absent");
}

void add_config(CLI::App* command, Arguments& arguments) {
  command->add_option("-c,--config", arguments.config, "configuration file")->capture_default_str();
}

void add_privacy(CLI::App& app, PrivacyRequest& request, std::map<CLI::App*, std::function<int()>>& actions) {
  CLI::App* privacy = app.add_subcommand("privacy", "what is held of a person, and its erasure (docs/privacy.md)");
  privacy->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, PrivacyRequest::Do what) {
    CLI::App* command = privacy->add_subcommand(name, help);
    command->add_option("-c,--config", request.config, "configuration file")->capture_default_str();
    actions[command] = [&request, what] {
      request.what = what;
      return cmd_privacy(request, std::cout, std::cerr);
    };
    return command;
  };
  const auto about = [&](CLI::App* command) {
    command->add_option("who", request.who, "address, name, or id of an account")->required();
    command->add_option("--only", request.only, "of what is found, this alone: acme/12; may be given several times");
    return command;
  };
  about(add("find", "what is held of a person, a line each", PrivacyRequest::Do::find));
  about(add("export", "all of it as JSON, for that person", PrivacyRequest::Do::copy));
  CLI::App* erasing = about(add("erase", "erase it for good", PrivacyRequest::Do::erase));
  erasing->add_option("--by", request.by, "who of the team does it")->required();
  erasing->add_option("--basis", request.basis, "what the log says of reviews: gdpr or court")
      ->capture_default_str()
      ->check(CLI::IsMember({"gdpr", "court"}));
  CLI::App* listing = add("register", "all personal data this installation holds, in words", PrivacyRequest::Do::reg);
  listing->add_option("--language", request.language, "fr or en")
      ->capture_default_str()
      ->check(CLI::IsMember({"fr", "en"}));
}

void add_backup(CLI::App& app, BackupRequest& request, std::map<CLI::App*, std::function<int()>>& actions) {
  const auto add = [&](const char* name, const char* help,
                       int (*act)(const BackupRequest&, std::ostream&, std::ostream&)) {
    CLI::App* command = app.add_subcommand(name, help);
    command->add_option("file", request.file, "the backup")->required();
    command->add_option("--keys", request.keys, "the keys of the reviews, apart; FILE.keys when absent");
    command->add_option("-c,--config", request.config, "configuration file")->capture_default_str();
    actions[command] = [&request, act] { return act(request, std::cout, std::cerr); };
  };
  add("backup", "copy the database while it is in use, the keys of the reviews apart", cmd_backup);
  add("restore", "put a backup back, and erase again what was erased since", cmd_restore);
}

void add_outbox(CLI::App& app, OutboxRequest& request, std::map<CLI::App*, std::function<int()>>& actions) {
  CLI::App* outbox = app.add_subcommand("outbox", "messages owed, and what became of them (docs/alerts.md)");
  outbox->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, OutboxRequest::Do what) {
    CLI::App* command = outbox->add_subcommand(name, help);
    command->add_option("-c,--config", request.config, "configuration file")->capture_default_str();
    actions[command] = [&request, what] {
      request.what = what;
      return cmd_outbox(request, std::cout, std::cerr);
    };
    return command;
  };
  CLI::App* list = add("list", "the newest first, and how the endpoints are doing", OutboxRequest::Do::list);
  list->add_option("--state", request.state,
                   "held, ready, claimed, sent, unverified, wait, superseded, cancelled or dead");
  list->add_option("--endpoint", request.endpoint, "id of an endpoint");
  list->add_option("--limit", request.limit, "lines")->capture_default_str()->check(CLI::Range(1, 1000));
  CLI::App* show = add("show", "one message whole, its secrets hidden", OutboxRequest::Do::show);
  show->add_option("id", request.ids, "its id, or the first letters of it")->required()->expected(1);
  CLI::App* retry = add("retry", "send dead messages after all", OutboxRequest::Do::retry);
  retry->add_option("id", request.ids, "ids, or the first letters of them");
  retry->add_option("--endpoint", request.endpoint, "every dead one of this endpoint");
  CLI::App* discard = add("discard", "take messages out that wait or are dead", OutboxRequest::Do::discard);
  discard->add_option("id", request.ids, "ids, or the first letters of them");
  discard->add_option("--endpoint", request.endpoint, "every dead one of this endpoint");
  discard->add_option("--reason", request.reason, "why, for whoever looks later")->required();
  for (CLI::App* act : {retry, discard}) act->add_option("--by", request.by, "who does it")->required();
}

// The reviews of the walls.
class ReviewCommands {
 public:
  ReviewCommands(CLI::App& app, ReviewRequest& request, Actions& actions) : request_(request), actions_(actions) {
    top_ = app.add_subcommand("review", "the reviews of the walls, and what is decided on them (docs/moderation.md)");
    top_->require_subcommand(1);
  }

  void add_all() {
    using Do = ReviewRequest::Do;
    CLI::App* list = add(top_, "list", "what waits for a decision, the next deadline first", Do::list);
    list->add_option("--brand", request_.order.brand, "id of a brand");
    list->add_flag("--all", request_.all, "every review, the newest first");
    list->add_option("--limit", request_.limit, "lines")->capture_default_str()->check(CLI::Range(1, 10'000));
    naming(add(top_, "show", "one review whole, with its history", Do::show));
    decisions();
    replies();
    improvements();
    complaints();
    evidence();
  }

 private:
  CLI::App* add(CLI::App* under, const char* name, const char* help, ReviewRequest::Do what, std::string act = "") {
    CLI::App* command = under->add_subcommand(name, help);
    command->add_option("-c,--config", request_.config, "configuration file")->capture_default_str();
    actions_[command] = [what, act = std::move(act), &request = request_] {
      request.what = what;
      request.order.act = act;
      return cmd_review(request, std::cout, std::cerr);
    };
    return command;
  }
  CLI::App* act(CLI::App* under, const char* name, const char* help, std::string what) {
    CLI::App* command = add(under, name, help, ReviewRequest::Do::act, std::move(what));
    command->add_option("--by", request_.order.who, "who decides")->required();
    return command;
  }
  CLI::App* naming(CLI::App* command) {
    command->add_option("brand", request_.order.brand, "id of the brand")->required();
    command->add_option("number", request_.order.number, "the review's number on its wall")->required();
    return command;
  }
  void words(CLI::App* command, const char* help) {
    command->add_option("--words", request_.order.words, help)->required();
  }

  void decisions() {
    naming(act(top_, "publish", "publish one that waits", "publish"));
    naming(act(top_, "restore", "show one again that was refused or hidden, or what a mask hides of it", "restore"));
    for (const auto& [name, help] :
         {std::pair{"refuse", "do not publish one that waits"}, std::pair{"hide", "take a published one off"}}) {
      CLI::App* command = naming(act(top_, name, help, name));
      command->add_option("--code", request_.order.code, "one of the reason codes")->required();
      words(command, "the facts it rests on, told to the author");
      command->add_flag_callback(
          "--court", [&request = request_] { request.order.court = "1"; }, "a court ordered it");
    }
    CLI::App* mask =
        naming(act(top_, "mask", "hide personal data; what the checks found when nothing else is said", "mask"));
    mask->add_option("--hide", request_.hide, "words of the text to hide, as they are written");
    mask->add_option("--field", request_.field, "a whole field: author, place or order");
  }

  void replies() {
    CLI::App* reply = naming(act(top_, "reply", "answer in public, at once", "reply"));
    reply->add_option("text", request_.order.text, "the answer")->required();
    reply->add_option("--link", request_.order.link, "an https address");
    naming(act(top_, "unreply", "withdraw the answer that stands", "unreply"));
  }

  void improvements() {
    CLI::App* listing =
        add(top_, "improvements", "what was changed because of reviews", ReviewRequest::Do::improvements);
    listing->add_option("--brand", request_.order.brand, "id of a brand");
    CLI::App* opening = act(top_, "improve", "say what is going to change, and because of which reviews", "improve");
    opening->add_option("brand", request_.order.brand, "id of the brand")->required();
    opening->add_option("title", request_.order.title, "one line")->required();
    opening->add_option("--ref", request_.order.refs, "number of a review that led to it")->required();
    opening->add_option("--words", request_.order.words, "more words");
    opening->add_option("--theme", request_.order.theme, "id of the theme it is about");
    opening->add_option("--link", request_.order.link, "an https address");
    CLI::App* step = act(top_, "step", "take an improvement further", "step");
    step->add_option("id", request_.order.id, "of the improvement")->required();
    step->add_option("state", request_.order.state, "doing, done or measured")->required();
    step->add_option("--words", request_.order.words, "what to say of it now");
  }

  void complaints() {
    for (const auto& [plural, singular, what] : {std::tuple{"notices", "notice", ReviewRequest::Do::notices},
                                                 std::tuple{"appeals", "appeal", ReviewRequest::Do::appeals}}) {
      CLI::App* group =
          top_->add_subcommand(plural, singular == std::string_view("notice") ? "what readers reported"
                                                                              : "decisions that their authors contest");
      group->require_subcommand(1);
      CLI::App* list = add(group, "list", "those that wait, the oldest first", what);
      list->add_flag("--all", request_.all, "those decided on as well");
      for (const auto& [name, help] :
           {std::pair{"accept", "act on it"}, std::pair{"reject", "leave things as they are"}}) {
        CLI::App* command = act(group, name, help, concat(name, "-", singular));
        command->add_option("id", request_.order.id, "its number")->required();
        words(command, "why; told to whoever sent it");
        if (name == std::string_view("accept") && singular == std::string_view("notice"))
          command->add_option("--code", request_.order.code, "one of the reason codes")->required();
      }
      if (singular != std::string_view("notice")) continue;
      CLI::App* mask = act(group, "mask", "hide what it is about and keep the rest", "mask-notice");
      mask->add_option("id", request_.order.id, "its number")->required();
      words(mask, "why; told to whoever sent it, and to the author");
      mask->add_option("--hide", request_.hide, "words of the text to hide, as they are written");
      mask->add_option("--field", request_.field, "a whole field: author, place or order");
    }
  }

  void evidence() {
    CLI::App* group = top_->add_subcommand("evidence", "what was taken off for an illicit reason, sealed for a year");
    group->require_subcommand(1);
    add(group, "key", "make the key it is sealed for", ReviewRequest::Do::evidence_key)
        ->add_option("--out", request_.file, "file for the secret half; evidence.secret when absent");
    add(group, "list", "what there is", ReviewRequest::Do::evidence_list);
    CLI::App* open = add(group, "open", "print one, with the secret half of the key", ReviewRequest::Do::evidence_open);
    open->add_option("id", request_.order.id, "its number")->required();
    open->add_option("--key", request_.file, "file of the secret half")->required();
  }

  ReviewRequest& request_;
  Actions& actions_;
  CLI::App* top_ = nullptr;
};

void add_review(CLI::App& app, ReviewRequest& request, Actions& actions) {
  ReviewCommands(app, request, actions).add_all();
}

int run_command(int argc, char** argv) {
  CLI::App app(
      "vigie watches what is said of a brand, tells the right person when complaints rise, and publishes a review wall "
      "nobody can prune.");
  app.set_version_flag("--version", VIGIE_VERSION);
  app.require_subcommand(1);
  Arguments arguments;
  app.add_flag("--log-json", arguments.json_logs, "log in JSON lines instead of logfmt");
  Actions actions;
  const auto add = [&](const char* name, const char* help, std::function<int()> action) {
    CLI::App* command = app.add_subcommand(name, help);
    actions[command] = std::move(action);
    return command;
  };

  CLI::App* run = add("run", "collect, judge, watch, tell and serve, until stopped",
                      [&] { return cmd_run(arguments.config, std::cout, std::cerr); });
  add_config(run, arguments);

  CLI::App* demo = add("demo", "a fictional brand's recorded week, replayed fast through the real loops, then served",
                       [&] { return cmd_demo(arguments.demo, std::cout, std::cerr); });
  demo->add_option("-c,--config", arguments.demo.config, "take people, endpoints, routes and mail from this file");
  demo->add_option("--data", arguments.demo.data, "folder for the demo's store and messages")->capture_default_str();
  demo->add_option("--public", arguments.demo.public_listen, "host:port of the wall");
  demo->add_option("--console", arguments.demo.console_listen, "host:port of the console");
  demo->add_flag("--once", arguments.demo.once, "replay, then end");

  CLI::App* watch = add(
      "watch",
      "the open web about a brand, without a configuration: news, Mastodon, Hacker News, Stack Exchange, Lemmy, GitHub",
      [&] { return cmd_watch(arguments.watch, std::cout, std::cerr); });
  watch->add_option("brand", arguments.watch.brands, "name as people write it")->required();
  watch->add_option("--data", arguments.watch.data, "folder of the database")->capture_default_str();
  watch->add_option("--mastodon", arguments.watch.mastodon, "instance whose hashtags are read")->capture_default_str();
  watch->add_option("--lemmy", arguments.watch.lemmy, "instance that is searched")->capture_default_str();
  watch->add_option("--stackexchange", arguments.watch.stackexchange, "site that is searched")->capture_default_str();
  watch->add_option("--steam-app", arguments.watch.steam_apps, "Steam app whose reviews are read");
  watch->add_option("--appstore-app", arguments.watch.appstore_apps, "App Store app whose reviews are read");
  watch->add_option("--discourse", arguments.watch.discourse, "address of a Discourse forum");
  watch->add_option("--public", arguments.watch.public_listen, "host:port of the wall");
  watch->add_option("--console", arguments.watch.console_listen, "host:port of the console");
  watch->add_flag("--print", arguments.watch.print, "print the configuration this stands for, and end");

  CLI::App* check = add("check", "every problem of a configuration, each with its place", [&] {
    if (!arguments.reference) return cmd_check(arguments.config, std::cout);
    std::cout << settings_reference();
    return kDone;
  });
  add_config(check, arguments);
  check->add_flag("--reference", arguments.reference, "print every option instead (docs/reference.md)");

  CLI::App* feeds = add("feed", "parse one RSS, Atom or JSON feed as the collector would, and print it as JSON",
                        [&] { return feed(arguments.target, arguments.allow_private); });
  feeds->add_option("feed", arguments.target, "file or http(s) URL")->required();
  feeds->add_option("--allow-private", arguments.allow_private, "private address the request may go to");

  CLI::App* import = add("import", "take mentions in from JSONL or CSV (-: standard input)", [&] {
    return cmd_import({arguments.config, arguments.target, arguments.map}, std::cin, std::cout, std::cerr);
  });
  import->add_option("file", arguments.target, "file or -")->required();
  import->add_option("--map", arguments.map, "FIELD=COLUMN: what the table calls a field, such as text=Commentaire");
  add_config(import, arguments);

  CLI::App* exporting = add("export", "write every mention as JSONL, or as CSV to a file named .csv", [&] {
    return cmd_export({arguments.config, arguments.target, arguments.csv}, std::cout, std::cerr);
  });
  exporting->add_flag("--csv", arguments.csv, "a table, whatever the file's name");
  exporting->add_option("file", arguments.target, "file or -")->capture_default_str();
  add_config(exporting, arguments);

  CLI::App* score = add("score", "judge lines ID<TAB>TEXT[<TAB>LANG[<TAB>DOMAIN]] from standard input",
                        [&] { return cmd_score(arguments.score, std::cin, std::cout, std::cerr); });
  score->add_option("--model", arguments.score.model, "model file; the shipped one when absent");
  score->add_option("--adapter", arguments.score.adapter, "what people taught on top: DATA/adapter/aN.vsa");
  score->add_option("--second-stage", arguments.score.second_stage,
                    "file whose [second_stage] judges the least certain texts too (docs/second-stage.md)");
  score->add_flag("--why", arguments.score.why,
                  "add a column: \"unsure\" when it is, and the words that moved the score");

  CLI::App* eval =
      add("eval", "how right a sentiment model is on labelled lines ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT",
          [&] { return cmd_eval(arguments.eval, std::cin, std::cout, std::cerr); });
  eval->add_option("file", arguments.eval.file, "file or -")->capture_default_str();
  eval->add_option("--model", arguments.eval.model, "model file; the shipped one when absent");
  eval->add_option("--second-stage", arguments.eval.second_stage,
                   "file whose [second_stage] judges the least certain rows too (docs/second-stage.md)");

  CLI::App* train =
      add("train", "a sentiment model of your own from labelled lines ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT",
          [&] { return cmd_train(arguments.train, std::cout, std::cerr); });
  train->add_option("--data", arguments.train.data, "file of labelled lines; may be given several times")->required();
  train->add_option("--set", arguments.train.sets,
                    "SET[:LANG]=WEIGHT[p][d]: what a set's rows weigh (0 leaves them out; p: it has no neutral rows; d: "
                    "its labels are doubted, and rows that all others contradict are not learnt from)");
  train->add_option("--words", arguments.train.words,
                    "LANG=FILE: word knowledge, WORD<TAB>VALUE...; the shipped model's when absent");
  train->add_option("--more-words", arguments.train.more_words,
                    "LANG=FILE: more values of words already known, behind those they have (at most eight in all)");
  train->add_option("--classes", arguments.train.classes,
                    "LANG=FILE: WORD<TAB>CLASS, a number from 1 to 1023 for words of like meaning; those of the words' "
                    "own when absent");
  train->add_option("-o,--out", arguments.train.out, "model file to write")->required();
  train->add_option("--name", arguments.train.name, "the model's name, kept with each judgement")
      ->capture_default_str();
  train->add_option("--bits", arguments.train.bits, "2^bits rows of weights, 2 bytes each")
      ->capture_default_str()
      ->check(CLI::Range(10, 24));
  train->add_option("--epochs", arguments.train.epochs, "times each row is read")
      ->capture_default_str()
      ->check(CLI::Range(1, 50));
  train->add_option("--trainings", arguments.train.trainings,
                    "times it is learnt anew, the rows in another order; the mean of the weights is kept")
      ->capture_default_str()
      ->check(CLI::Range(1, 20));
  train->add_option("--rate", arguments.train.rate, "step of learning")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  train->add_option("--balance", arguments.train.balance, "0: classes as they come, 1: all weigh the same")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  train->add_flag("!--no-curve", arguments.train.curve, "skip the learning curve");

  CLI::App* correcting =
      add("correct", "say what a mention's label should be; kept beside the machine's, with who said so and when",
          [&] { return cmd_correct(arguments.correct, std::cin, std::cout, std::cerr); });
  correcting->add_option("mention", arguments.correct.mention, "its number: 12 of #m12 in the console");
  correcting->add_option("label", arguments.correct.label, "neg, neu, pos, confirm, or none to take back");
  correcting->add_option(
      "--file", arguments.correct.file,
      "many at once: lines SOURCE<TAB>ID<TAB>LABEL or JSON objects with these; - for standard input");
  correcting->add_option("--by", arguments.correct.by, "who says so")->required();
  correcting->add_option("-c,--config", arguments.correct.config, "configuration file")->capture_default_str();

  CLI::App* incidents = add("incident", "what is open, the history of one incident, and acting on it",
                            [&] { return cmd_incident(arguments.incident, std::cout, std::cerr); });
  incidents
      ->add_option("what", arguments.incident.what, "list, show, ack, unack, assign, note, resolve, merge or split")
      ->capture_default_str();
  incidents->add_option("incident", arguments.incident.incident, "its id");
  incidents->add_option("value", arguments.incident.value,
                        "assign: the person; merge: the incident that tells its story from now on");
  incidents->add_option("--by", arguments.incident.by, "who does it");
  incidents->add_option("--reason", arguments.incident.reason, "why; note: the note");
  incidents->add_flag("--all", arguments.incident.all, "list: those that are over, too");
  incidents->add_option("-c,--config", arguments.incident.config, "configuration file")->capture_default_str();

  CLI::App* judging = add("verdict", "say what an incident was; the realised rate of false alarms follows from it",
                          [&] { return cmd_verdict(arguments.verdict, std::cout, std::cerr); });
  judging->add_option("incident", arguments.verdict.incident, "its id, the end of its page's address")->required();
  judging
      ->add_option("verdict", arguments.verdict.word,
                   "useful; false: nothing had happened; normal: this is the new normal; none to take back")
      ->required();
  judging->add_option("--by", arguments.verdict.by, "who says so")->required();
  judging->add_option("-c,--config", arguments.verdict.config, "configuration file")->capture_default_str();

  CLI::App* adapt =
      add("adapt", "learn from people's corrections, and let that judge when it is better on corrections held out",
          [&] { return cmd_adapt(arguments.adapt, std::cout, std::cerr); });
  adapt->add_option("-c,--config", arguments.adapt.config, "configuration file")->capture_default_str();
  adapt->add_flag("--dry-run", arguments.adapt.dry_run, "say what would happen, change nothing");
  CLI::Option* roll_back =
      adapt->add_flag("--roll-back", arguments.adapt.roll_back, "let the adapter before this one judge again");
  adapt->add_flag("--list", arguments.adapt.list, "the attempts so far, with figures, decision and reason")
      ->excludes(roll_back);
  CLI::Option* labels = adapt->add_option("--try", arguments.adapt.labels,
                                          "labelled lines as for train, instead of an installation's corrections");
  adapt->add_option("--stored", arguments.adapt.stored, "with --try: lines that stand for uncorrected mentions")
      ->needs(labels);
  adapt->add_option("--eval", arguments.adapt.eval, "with --try: lines to measure before and after on")->needs(labels);
  adapt->add_option("--model", arguments.adapt.model, "with --try: model file; the shipped one when absent")
      ->needs(labels);

  add("detect", "one anomaly score a line for \"YYYY-MM-DD HH:MM:SS,value\" lines from standard input",
      [] { return detect_series(std::cin, std::cout, std::cerr); });

  CLI::App* language =
      add("train-language", "a model that tells languages apart, from lines ID<TAB>LANG<TAB>DOMAIN<TAB>LABEL<TAB>TEXT",
          [&] { return cmd_train_language(arguments.train_language, std::cout, std::cerr); });
  language->add_option("--data", arguments.train_language.data, "file of lines; may be given several times")
      ->required();
  language->add_option("--set", arguments.train_language.sets,
                       "SET[:LANG]=WEIGHT: what a set's rows weigh (0 leaves them out)");
  language->add_option("-o,--out", arguments.train_language.out, "model file to write")->required();

  CLI::App* replaying =
      add("replay", "run judged mentions (JSONL) through series, detector and incidents in event time",
          [&] { return replay_file(arguments.target, arguments.budget, arguments.terms); });
  replaying->add_option("file", arguments.target, "file or -")->required();
  replaying->add_option("--budget", arguments.budget, "allowed false alarms per brand and month")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);

  replaying->add_flag("--terms", arguments.terms, "add the rising terms of each incident");

  CLI::App* back = add("backtest", "what the rules would have told of stored history, and what a changed setting would",
                       [&] { return cmd_backtest(arguments.backtest, std::cout, std::cerr); });
  back->add_option("-c,--config", arguments.backtest.config, "configuration file")->capture_default_str();
  back->add_option("--from", arguments.backtest.from, "day or time (UTC); thirty days before the end when absent");
  back->add_option("--to", arguments.backtest.to, "day or time (UTC); now when absent");
  back->add_option("--set", arguments.backtest.sets,
                   "PATH=VALUE, such as detect.budget=0.5: also with this setting changed, and the difference");
  back->add_option("--brand", arguments.backtest.brand, "of this brand alone");
  back->add_option("--threads", arguments.backtest.threads, "the machine's when absent")->check(CLI::Range(1, 64));
  CLI::Option* as_json = back->add_flag("--json", arguments.backtest.json, "one JSON object");
  back->add_flag("--csv", arguments.backtest.csv, "a table, an incident a line")->excludes(as_json);

  CLI::App* explaining =
      add("explain", "every number of an incident counted again from the stored mentions; or what stood at a moment",
          [&] { return cmd_explain(arguments.explain, std::cout, std::cerr); });
  explaining->add_option("incident", arguments.explain.what, "id of an incident, or a time (RFC 3339)")->required();
  explaining->add_option("-c,--config", arguments.explain.config, "configuration file")->capture_default_str();
  explaining->add_option("--brand", arguments.explain.brand, "with a time: of this brand alone");
  explaining->add_option("--at", arguments.explain.at,
                         "with an incident: whom news would reach at this time (RFC 3339); now when absent");
  explaining->add_option("--most", arguments.explain.most, "mentions listed of each sort")->capture_default_str();

  CLI::App* on_call = add("oncall", "who is on call, who comes next, and when nobody will be (docs/alerts.md)",
                          [&] { return cmd_oncall(arguments.oncall, std::cout, std::cerr); });
  on_call->add_option("schedule", arguments.oncall.schedule, "id of a schedule; all of them when absent");
  on_call->add_option("--at", arguments.oncall.at, "at this time (RFC 3339); now when absent");
  on_call->add_option("-c,--config", arguments.oncall.config, "configuration file")->capture_default_str();

  CLI::App* silence = app.add_subcommand("silence", "messages about some incidents wait (docs/alerts.md)");
  silence->require_subcommand(1);
  CLI::App* silencing = silence->add_subcommand("add", "ask for a silence, with an end and a reason");
  silencing->add_option("--brand", arguments.silence.brands, "of this brand; may be given several times");
  silencing->add_option("--theme", arguments.silence.themes, "with this theme");
  silencing->add_option("--kind", arguments.silence.kinds, "\"negative\" or the id of a rule");
  silencing->add_option("--least", arguments.silence.least, "least severity")->capture_default_str();
  silencing->add_option("--most", arguments.silence.most, "greatest severity")->capture_default_str();
  silencing->add_option("--text", arguments.silence.text, "words that stand so in one of the quotes");
  silencing->add_option("--from", arguments.silence.from, "beginning (RFC 3339); now when absent");
  CLI::Option* silent_until = silencing->add_option("--until", arguments.silence.until, "end (RFC 3339)");
  silencing->add_option("--for", arguments.silence.length, "length instead, such as 2h; at most 30d")
      ->excludes(silent_until);
  silencing->add_flag("--maintenance", arguments.silence.maintenance, "it is planned work");
  silencing->add_option("--by", arguments.silence.by, "who asks for it")->required();
  silencing->add_option("--reason", arguments.silence.reason, "why")->required();
  silencing->add_option("-c,--config", arguments.silence.config, "configuration file")->capture_default_str();
  actions[silencing] = [&] { return cmd_silence_add(arguments.silence, std::cout, std::cerr); };
  CLI::App* silences = silence->add_subcommand("list", "the silences in force and to come");
  silences->add_flag("--all", arguments.silence.all, "those that are over as well");
  silences->add_option("-c,--config", arguments.silence.config, "configuration file")->capture_default_str();
  actions[silences] = [&] { return cmd_silence_list(arguments.silence, std::cout, std::cerr); };
  CLI::App* ending = silence->add_subcommand("end", "end a silence before its time");
  ending->add_option("id", arguments.silence.id, "its number")->required();
  ending->add_option("--by", arguments.silence.by, "who says so")->required();
  ending->add_option("-c,--config", arguments.silence.config, "configuration file")->capture_default_str();
  actions[ending] = [&] { return cmd_silence_end(arguments.silence, std::cout, std::cerr); };

  CLI::App* source = app.add_subcommand("source", "source definitions");
  source->require_subcommand(1);
  const SystemClock clock;
  CLI::App* listing = source->add_subcommand(
      "list", "the kinds of source this version knows; with -c the configured ones and how they are doing");
  listing->add_option("-c,--config", arguments.source_config, "configuration file");
  actions[listing] = [&] { return cmd_source_list(arguments.source_config, clock, std::cout, std::cerr); };
  CLI::App* show =
      source->add_subcommand("show", "one definition in words: what it asks, parameters, secrets, limits, terms");
  show->add_option("id", arguments.target, "id of a kind, or a .toml file")->required();
  actions[show] = [&] { return cmd_source_show(arguments.target, std::cout, std::cerr); };
  CLI::App* trying = source->add_subcommand("try", "ask once for real and print what would be stored; stores nothing");
  trying
      ->add_option("source", arguments.target,
                   "id of a configured source (with -c), a kind, a .toml file, or a feed's address")
      ->required();
  trying->add_option("-c,--config", arguments.source_config, "configuration file");
  trying->add_option("--param", arguments.params, "NAME=VALUE");
  trying->add_option("--secret", arguments.secrets, "NAME=VALUE");
  trying->add_option("--allow-private", arguments.allow_private, "private address the request may go to");
  actions[trying] = [&] {
    return cmd_source_try({arguments.target, arguments.source_config, pairs(arguments.params), pairs(arguments.secrets),
                           arguments.allow_private},
                          clock, std::cout, std::cerr);
  };
  CLI::App* test =
      source->add_subcommand("test", "run a definition against recorded exchanges, offline; mentions as JSONL");
  test->add_option("definition", arguments.source.definition_path, "TOML file")->required();
  test->add_option("folder", arguments.source.folder, "folder with *.exchanges.jsonl")->required();
  test->add_option("--param", arguments.params, "NAME=VALUE");
  test->add_option("--secret", arguments.secrets, "NAME=VALUE");
  test->add_option("--now", arguments.now, "the clock's time")->capture_default_str();
  actions[test] = [&] { return source_test(arguments.source, arguments.now, arguments.params, arguments.secrets); };

  CLI::App* query = app.add_subcommand("query", "brand queries (docs/queries.md)");
  query->require_subcommand(1);
  CLI::App* matching =
      query->add_subcommand("try", "which stored mentions a query matches, and which it misses by one part");
  matching->add_option("query", arguments.query.query, "the query, as one argument")->required();
  matching->add_option("-c,--config", arguments.query.config, "configuration file")->default_val("vigie.toml");
  matching->add_option("--limit", arguments.query.limit, "matches shown, and near misses for each reason")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  matching->add_option("--newest", arguments.query.newest, "mentions looked at, newest first")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  actions[matching] = [&] { return cmd_query_try(arguments.query, std::cout, std::cerr); };

  add_survey(app, arguments.survey, actions);
  add_outbox(app, arguments.outbox, actions);
  add_review(app, arguments.review, actions);
  add_privacy(app, arguments.privacy, actions);
  add_backup(app, arguments.backup, actions);

  CLI::App* themes = app.add_subcommand("themes", "what mentions are about: the words of each theme (docs/themes.md)");
  themes->require_subcommand(1);
  CLI::App* showing = themes->add_subcommand("show", "the themes and how many phrases each has");
  showing->add_option("--file", arguments.themes, "words of your own, as in [themes] files");
  actions[showing] = [&] { return themes_show(arguments.themes, std::cout, std::cerr); };
  CLI::App* measuring = themes->add_subcommand(
      "eval", "precision, recall and F1 over labelled texts: ID, LANG, THEMES and TEXT, a tab between");
  measuring->add_option("labelled", arguments.target, "file or -")->required();
  measuring->add_option("--file", arguments.themes, "words of your own, as in [themes] files");
  measuring->add_flag("--misses", arguments.misses,
                      "show the texts read otherwise than labelled, of the half that words are chosen on");
  actions[measuring] = [&] { return themes_eval_file(arguments.target, arguments.themes, arguments.misses); };

  CLI::App* doctor =
      add("doctor", "what works and what does not", [&] { return cmd_doctor(arguments.config, std::cout); });
  add_config(doctor, arguments);
  CLI::App* login = add("login", "print a new one-time login link for the console",
                        [&] { return cmd_login(arguments.config, std::cout, std::cerr); });
  add_config(login, arguments);

  add_log_commands(app, arguments, actions);

  CLI::App* notify = app.add_subcommand("notify", "messages by hand");
  notify->require_subcommand(1);
  CLI::App* trial = notify->add_subcommand("test", "send one test message to an endpoint and say what it answered");
  actions[trial] = [&] { return cmd_notify_test(arguments.notify, std::cout, std::cerr); };
  trial->add_option("endpoint", arguments.notify.endpoint, "its id")->required();
  trial->add_option("-c,--config", arguments.notify.config, "configuration file")->capture_default_str();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kBadInput;
  }
  log::set_json(arguments.json_logs);
  const CLI::App* chosen = app.get_subcommands().front();
  while (!chosen->get_subcommands().empty()) chosen = chosen->get_subcommands().front();
  return actions.at(const_cast<CLI::App*>(chosen))();
}

}  // namespace

}  // namespace vigie

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return vigie::run_command(argc, argv);
}
