// `vigie import` and `vigie export`: mentions as JSONL or CSV, in and out of a store.

#pragma once

#include <iosfwd>
#include <string>

namespace vigie {

// `target`: a file or "-". Resumes where an interrupted import of the same file stopped; importing twice changes nothing. Imported
// mentions are history: searchable, counted, never alerted on. Exit status 0 all taken, 1 some lines were rejected, 2, 3.
int cmd_import(const std::string& config, const std::string& target, std::istream& in, std::ostream& out, std::ostream& err);

// Every mention in order of seq, one JSON object a line.
int cmd_export(const std::string& config, const std::string& target, std::ostream& out, std::ostream& err);

// Prints a new one-time login link for the console.
int cmd_login(const std::string& config, std::ostream& out, std::ostream& err);

}  // namespace vigie
