#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "machine/config.h"
#include "machine/cpu/environment.h"
#include "machine/memory/comm_page.h"
#include "machine/memory/ram.h"

namespace cellvisor::machine {

/**
 * What a cell's stage-2 tables say (jailhouse-hypervisor reference 2). Immutable: built when the cell is created, read by
 * its vCPUs without a lock.
 */
class Stage2Map {
 public:
  Stage2Map(const std::vector<Region>& regions, const Ram& ram, const CommPage* commPage);

  Stage2Page lookup(uint64_t intermediateAddress) const;

  /**
   * The level of the translation tables at which an access to this address faults, for fault status codes: the hypervisor
   * starts at level 1 and maps 1 GiB and 2 MiB blocks where it can.
   */
  unsigned faultLevel(uint64_t intermediateAddress) const;

 private:
  struct Entry {
    uint64_t end;
    uint64_t physical;
    bool readable;
    bool writable;
    bool isCommPage;
  };
  using Entries = std::map<uint64_t, Entry>;
  void overlay(uint64_t start, const Entry& entry);
  /** The entry that contains the address, or end(). */
  Entries::const_iterator find(uint64_t intermediateAddress) const;
  bool anyWithin(uint64_t start, uint64_t end) const;

  const Ram& ram_;
  const CommPage* commPage_;
  /** By first address; entries do not overlap. */
  Entries entries_;
};

}  // namespace cellvisor::machine
