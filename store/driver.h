// What the store asks of a database. One driver is one connection and belongs to one thread. The queries are the
// store's; what differs between databases beyond SQL (full-text search, durability, opening, migrating) is the
// driver's.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace vigie {

// A prepared statement. Parameters count from 1, columns from 0. Text and blobs are lent: they must live until reset().
class Statement {
 public:
  virtual ~Statement() = default;
  virtual void bind_null(int index) = 0;
  virtual void bind_integer(int index, std::int64_t value) = 0;
  virtual void bind_real(int index, double value) = 0;  // not a number counts as null
  virtual void bind_text(int index, std::string_view text) = 0;
  virtual void bind_blob(int index, std::string_view bytes) = 0;

  // True: a row is there to be read. bad_data: this row was refused (a constraint, a size), others may pass.
  virtual Result<bool> step() = 0;
  virtual void reset() = 0;  // ready for other parameters; ends the reading

  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;  // or a blob; valid until the next step

  virtual void release() = 0;  // given back to the driver, which keeps it prepared
};

struct ReleaseStatement {
  void operator()(Statement* statement) const { statement->release(); }
};
using Query = std::unique_ptr<Statement, ReleaseStatement>;

enum class Durability {
  process,  // survives kill -9 at once, a power cut from the next checkpoint or durable transaction on
  power,    // survives a power cut once commit() has returned: something was promised outside
};

class Driver {
 public:
  virtual ~Driver() = default;

  virtual Result<Query> prepare(std::string_view sql) = 0;
  virtual Result<void> run_script(const std::string& sql) = 0;  // several statements, no parameters
  virtual std::int64_t changes() const = 0;                     // rows changed by the last statement

  virtual Result<void> begin(Durability durability) = 0;  // takes the write lock at once
  virtual Result<void> commit() = 0;
  virtual void rollback() = 0;  // harmless when nothing is open

  // Full text. Words must be taken out with the very text they were put in with.
  virtual Result<void> add_words(std::int64_t seq, std::string_view title, std::string_view text) = 0;
  virtual Result<void> remove_words(std::int64_t seq, std::string_view title, std::string_view text) = 0;
  // The words of a person's search as this database's own expression: never read as syntax. "" when there is no word in
  // it.
  virtual Result<std::string> search_expression(std::string_view words) = 0;
  // A condition on mentions `m` with one parameter, the expression.
  virtual std::string_view search_condition() const = 0;

  virtual Result<void> tidy() = 0;  // checkpoint, planner statistics

  // Another number than before when another connection, of this program or not, has committed since. Cheap: asked every
  // second by many.
  virtual Result<std::int64_t> version() = 0;

  // What was deleted leaves the database's files, its index and its journal: they are written anew. transient: somebody
  // is reading what was before.
  virtual Result<void> purge() = 0;
};

// Rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Driver& driver, Durability durability) {
    TRY(driver.begin(durability));
    return Transaction(driver);
  }
  Transaction(Transaction&& other) noexcept : driver_(std::exchange(other.driver_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    if (driver_) driver_->rollback();
  }
  Result<void> commit() {
    TRY(driver_->commit());
    driver_ = nullptr;
    return {};
  }

 private:
  explicit Transaction(Driver& driver) : driver_(&driver) {}
  Driver* driver_;
};

}  // namespace vigie
