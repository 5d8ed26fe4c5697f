// `vigie replay`: mentions that are already judged, through the detector in event time; one JSON line per new incident.

#pragma once

#include <istream>
#include <ostream>

namespace vigie {

// Lines as eval/crisis_sim.py writes them, by ingest time:
// {"id","brand","source","author","event","ingest","p_neg","p_pos","text"}, times in epoch seconds. Prints
// {"brand","time","kind":"negative","topic"} when an incident opens; time is the ingest stamp of the mention that
// opened it, topic the theme with most evidence. The same input gives the same bytes.
//
// Returns the exit status: 0, or 2 at the first line that cannot be read (told on `err` with its number).
int replay(std::istream& in, std::ostream& out, std::ostream& err, double budget, bool terms = false);

}  // namespace vigie
