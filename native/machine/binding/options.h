#pragma once

#include "machine/config.h"
#include "napi/value.h"

/** JavaScript objects of src/native/machine.ts to C++ structures, with checks that name the field. */
namespace cellvisor::binding {

machine::BoardDescription boardDescription(const napi::Value& options);
machine::HypervisorConfig hypervisorConfig(const napi::Value& options);
machine::CellConfig cellConfig(const napi::Value& cell);

}  // namespace cellvisor::binding
