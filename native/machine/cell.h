#pragma once

#include <vector>

#include "machine/config.h"
#include "machine/debug/hold.h"
#include "machine/gic/partition.h"
#include "machine/memory/comm_page.h"
#include "machine/memory/stage2_map.h"
#include "machine/pci/host.h"

namespace cellvisor::machine {

/**
 * One cell. Made on JavaScript's thread before its vCPUs have threads and freed after they are gone, so its vCPUs read it
 * without a lock; the devices are protected by the PCI host's lock and `halted` and `debug` by the power lock.
 */
struct Cell {
  Cell(const CellConfig& cellConfig, const gic::Partition& cellPartition, const Ram& ram)
      : config(cellConfig), partition(cellPartition), stage2(cellConfig.regions, ram, &comm) {
    for (const Region& region : cellConfig.regions) {
      if (region.isSubPage()) subPages.push_back(region);
    }
  }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  const CellConfig config;
  const gic::Partition partition;
  CommPage comm;
  const Stage2Map stage2;
  std::vector<Region> subPages;
  pci::Devices devices;
  /** No CPU may be switched on: the cell is parked or has not started. */
  bool halted = true;
  CellDebug debug;
};

}  // namespace cellvisor::machine
