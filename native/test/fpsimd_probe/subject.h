#pragma once

#include <memory>

#include "exchange.h"

namespace cellvisor::probe {

/** The core under test: a Cpu with just enough machine around it to run a batch of single instructions. */
class Subject {
 public:
  Subject();
  ~Subject();
  /** Replaces each case's state by the one after its instruction. */
  void run(probe_case* cases, unsigned count);

 private:
  struct Board;
  std::unique_ptr<Board> board_;
};

}  // namespace cellvisor::probe
