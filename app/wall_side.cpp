#include "app/wall_side.h"

#include <array>
#include <thread>

#include "app/author_letters.h"
#include "app/backends.h"
#include "app/cosigning.h"
#include "app/erasures.h"
#include "app/list_walls.h"
#include "app/load.h"
#include "app/moderate.h"
#include "app/own_secret.h"
#include "app/replay_log.h"
#include "app/review_desk.h"
#include "app/review_mentions.h"
#include "app/sequencer.h"
#include "base/pulse.h"
#include "wall/author_page.h"
#include "wall/embeds.h"
#include "wall/log_files.h"
#include "wall/notice_pages.h"
#include "wall/verify_page.h"
#include "wall/write_page.h"

namespace vigie {
namespace {

// Each loop has its own connection to the store.
struct Stores {
  std::unique_ptr<Store> mentions, witnesses, moderation, erasures;
};

class Side final : public WallSide {
 public:
  Side(Needs needs, Stores stores, std::unique_ptr<HttpClient> http, const std::string& key, AuthorLinks authors)
      : needs_(std::move(needs)),
        stores_(std::move(stores)),
        http_(std::move(http)),
        sequencer_(needs_.settings, needs_.open, needs_.clock, needs_.metrics),
        cosigning_(needs_.settings, *stores_.witnesses, *http_, needs_.clock,
                   [this](const std::string& brand, std::int64_t size, std::shared_ptr<const tlog::Quorum> quorum) {
                     sequencer_.cosigned(brand, size, std::move(quorum));
                   }),
        mentions_(needs_.settings, *stores_.mentions, needs_.bus, needs_.clock),
        moderate_(needs_.settings, *stores_.moderation, needs_.clock),
        erasures_(needs_.settings, *stores_.erasures, needs_.clock),
        lists_(needs_.settings, needs_.open, needs_.clock),
        log_files_(needs_.settings),
        verifier_(needs_.settings, needs_.own_time ? &needs_.clock : nullptr),
        embeds_(needs_.settings, needs_.open, needs_.clock),
        write_page_(needs_.settings, sequencer_.door(), needs_.clock, key),
        author_page_(needs_.settings, needs_.open, authors, needs_.clock, [this] { logged(); }),
        notices_(needs_.settings, needs_.open, std::move(authors), needs_.clock) {}

  Result<void> open() {
    TRY(replay_published(needs_.settings, *stores_.erasures));
    TRY(sequencer_.open());
    TRY(write_page_.remember(*stores_.mentions));
    TRY(surveys_, SurveyParts::make({needs_.settings, needs_.open, needs_.clock, needs_.metrics, &needs_.bus,
                                     sequencer_.door(), [this] { logged(); }, needs_.owed}));
    return {};
  }

  SurveyParts& surveys() override { return *surveys_; }

  std::vector<Serve::Guest> guests() override {
    return {[this](const ServerRequest& request) { return surveys_->answer(request); },
            [this](const ServerRequest& request) { return log_files_.answer(request); },
            [this](const ServerRequest& request) { return write_page_.answer(request); },
            [this](const ServerRequest& request) { return author_page_.answer(request); },
            [this](const ServerRequest& request) { return notices_.answer(request); },
            [this](const ServerRequest& request) { return verifier_.answer(request); },
            [this](const ServerRequest& request) { return embeds_.answer(request); }};
  }

  ReviewDesk review_desk() override {
    return [this](const ReviewOrder& order) -> Result<std::string> {
      TRY(const std::unique_ptr<Store> store, needs_.open());
      TRY(std::string done, carry_out(order, needs_.settings, *store, needs_.clock));
      logged();
      return done;
    };
  }

  void start() override {
    telling_ = std::jthread([this](const std::stop_token& stop) { mentions_.run(stop); });
    sequencing_ = std::jthread([this](const std::stop_token& stop) { sequencer_.run(stop); });
    loops_[0] = std::jthread([this](const std::stop_token& stop) {
      moderate_.run(
          stop, received_, [this] { sequencer_.wake(); }, needs_.owed);
    });
    loops_[1] = std::jthread([this](const std::stop_token& stop) { erasures_.run(stop, erased_); });
    loops_[2] = std::jthread([this](const std::stop_token& stop) { lists_.run(stop); });
    if (cosigning_.enabled()) loops_[3] = std::jthread([this](const std::stop_token& stop) { cosigning_.run(stop); });
  }

  void stop_telling() override {
    loops_[3].request_stop();  // a witness may take its time
    end(telling_);
  }

  void stop() override {
    for (std::jthread& loop : loops_) loop.request_stop();
    for (std::jthread& loop : loops_) end(loop);
    end(sequencing_);  // who waits for a receipt has it by now
  }

 private:
  static void end(std::jthread& loop) {
    loop.request_stop();
    if (loop.joinable()) loop.join();
  }

  // By somebody else's hand than the sequencer's.
  void logged() {
    sequencer_.wake();
    received_.notify();
    erased_.notify();
  }

  const Needs needs_;
  const Stores stores_;
  const std::unique_ptr<HttpClient> http_;
  Pulse received_, erased_;
  Sequencer sequencer_;
  Cosigning cosigning_;
  ReviewMentions mentions_;
  Moderate moderate_;
  Erasures erasures_;
  ListWalls lists_;
  LogFiles log_files_;
  VerifyPages verifier_;
  Embeds embeds_;
  WritePage write_page_;
  AuthorPage author_page_;
  NoticePages notices_;
  std::unique_ptr<SurveyParts> surveys_;
  std::jthread telling_, sequencing_;
  std::array<std::jthread, 4> loops_;
};

}  // namespace

Result<std::unique_ptr<WallSide>> WallSide::make(Needs needs) {
  Stores stores;
  for (std::unique_ptr<Store>* store : {&stores.mentions, &stores.witnesses, &stores.moderation, &stores.erasures}) {
    TRY(*store, needs.open());
  }
  TRY(const std::string key, own_secret(needs.settings, "wall"));
  std::unique_ptr<HttpClient> http = make_http_client(http_options(needs.settings), needs.clock, needs.metrics);
  TRY(AuthorLinks authors, author_links(needs.settings));
  auto side = std::make_unique<Side>(std::move(needs), std::move(stores), std::move(http), key, std::move(authors));
  TRY(side->open());
  return side;
}

}  // namespace vigie
