// `vigie import` and `vigie export`: mentions as JSONL or CSV, in and out of a store.

#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace vigie {

struct ImportOptions {
  std::string config, target;    // a file or "-"
  std::vector<std::string> map;  // "text=Commentaire": our field = the table's column
};

// Resumes where an interrupted import of the same file stopped; importing twice changes nothing. Imported mentions are
// history: searchable, counted, never alerted on. Exit status 0 all taken, 1 some lines were rejected, 2, 3.
int cmd_import(const ImportOptions& options, std::istream& in, std::ostream& out, std::ostream& err);

struct ExportOptions {
  std::string config, target;  // a file or "-"
  bool csv = false;            // else by the name: .csv is a table, all others JSONL
};

// Every mention in order of seq. A file is written beside its name and takes it when whole; an interrupted export goes
// on.
int cmd_export(const ExportOptions& options, std::ostream& out, std::ostream& err);

// Prints a new one-time login link for the console.
int cmd_login(const std::string& config, std::ostream& out, std::ostream& err);

}  // namespace vigie
