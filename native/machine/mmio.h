#pragma once

namespace cellvisor::machine {

/** What became of a trapped access (jailhouse-hypervisor reference 3). */
enum class MmioResult {
  kHandled,
  /** A rule of a device was broken: "forbidden access". */
  kForbidden,
  /** No region of the cell answers: "unhandled trap". */
  kUnhandled,
};

}  // namespace cellvisor::machine
