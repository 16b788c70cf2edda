#pragma once

#include <string>

namespace bridge {

/// What `cellvisor run` asks for, by environment variables; read once, before the program's main.
struct Settings {
  /// CELLVISOR_BRIDGE_SOCKET: the board. Empty: nothing is bridged.
  std::string socket;
  /// CELLVISOR_TRACE: where each bridged call is written to. Empty: nowhere.
  std::string trace;
  /// CELLVISOR_FAULTS, see faults.h.
  std::string faults;
};

const Settings& settings();

inline bool isActive() { return !settings().socket.empty(); }

/// Says what is wrong on stderr, as the program itself cannot know. Safe in a signal handler.
void complain(const char* message);

}  // namespace bridge
