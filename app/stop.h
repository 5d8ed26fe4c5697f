// SIGINT and SIGTERM as something a program can wait for.

#pragma once

namespace vigie {

// Blocks both signals in this thread and in those it starts later; call it before any thread is started.
void hold_stop_signals();

// Returns when one of them arrives.
void wait_for_stop_signal();

}  // namespace vigie
