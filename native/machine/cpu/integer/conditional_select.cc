#include <array>
#include <utility>

#include "flags.h"
#include "operand.h"

namespace cellvisor::machine::integer {
namespace {

enum : unsigned { kSelect, kIncrement, kInvert, kNegate };

template <class W, unsigned kKind, unsigned kCondition>
void execute(Cpu& cpu, const Op* op) {
  CpuState& state = cpu.state();
  const W n = static_cast<W>(state.x[op->rn]), m = static_cast<W>(state.x[op->rm]);
  const W other = static_cast<W>(kKind == kIncrement ? m + 1 : kKind == kInvert ? ~m : kKind == kNegate ? 0 - m : m);
  state.x[op->rd] = holds<kCondition>(state) ? n : other;
  return next(cpu, op);
}

template <class W, unsigned kKind, size_t... kCondition>
constexpr std::array<Handler, 16> forms(std::index_sequence<kCondition...>) {
  return {execute<W, kKind, kCondition>...};
}

template <class W>
Handler pick(unsigned kind, unsigned condition) {
  constexpr auto kAll = std::make_index_sequence<16>{};
  static constexpr std::array<Handler, 16> kForms[4] = {forms<W, kSelect>(kAll), forms<W, kIncrement>(kAll),
                                                        forms<W, kInvert>(kAll), forms<W, kNegate>(kAll)};
  return kForms[kind][condition];
}

}  // namespace

Handler conditionalSelect(bool is64, unsigned kind, unsigned condition) {
  return is64 ? pick<uint64_t>(kind, condition) : pick<uint32_t>(kind, condition);
}

}  // namespace cellvisor::machine::integer
