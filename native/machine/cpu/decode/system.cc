#include "../system/handlers.h"
#include "../system/register.h"
#include "decode.h"

// Hints, barriers, PSTATE, system registers and instructions (Arm ARM C4.1.89 and C5).

namespace cellvisor::machine {
namespace {

void hint(uint32_t insn, Op& op, Flow& flow) {
  switch (bits(insn, 11, 5)) {
    case 2: op.run = system::waitForEvent(); flow = Flow::kEnd; break;
    case 3: op.run = system::waitForInterrupt(); flow = Flow::kEnd; break;
    case 4:
    case 5: op.run = system::sendEvent(); break;
    default: op.run = system::nothing(); break;
  }
}

bool barrier(uint32_t insn, Op& op, Flow& flow) {
  op.imm = bits(insn, 11, 8);
  switch (bits(insn, 7, 5)) {
    case 2: op.run = system::clearExclusive(); return true;
    case 4:
    case 5: op.run = system::memoryBarrier(); return true;
    case 6:
      op.run = system::instructionBarrier();
      flow = Flow::kEnd;
      return true;
    default: return false;
  }
}

bool pstateField(uint32_t insn, Op& op, Flow& flow) {
  op.imm = bits(insn, 11, 8);
  flow = Flow::kEnd;
  switch (bits(insn, 18, 16) << 3 | bits(insn, 7, 5)) {
    case 3 << 3 | 6: op.run = system::setMask(); return true;
    case 3 << 3 | 7: op.run = system::clearMask(); return true;
    case 0 << 3 | 5: op.run = system::selectStackPointer(); return true;
    default: return false;
  }
}

bool systemRegister(uint32_t insn, Op& op, Flow& flow) {
  const bool isRead = bit(insn, 21);
  const uint16_t key = static_cast<uint16_t>(bits(insn, 20, 5));
  const system::SystemRegister* reg = system::findRegister(key);
  if (reg == nullptr) {
    if (bits(insn, 20, 19) != 3 || !system::isImplementationDefined(key)) return false;
    op.run = system::unmodelledRegister();
    flow = Flow::kEnd;
    return true;
  }
  if (isRead ? !reg->canRead() : !reg->canWrite()) return false;
  op.imm = reinterpret_cast<uint64_t>(reg);
  op.rd = destination(bits(insn, 4, 0));
  op.rn = source(bits(insn, 4, 0));
  op.run = isRead ? system::readRegister() : system::writeRegister();
  if (!isRead && reg->write != nullptr) flow = Flow::kEnd;
  return true;
}

bool systemInstruction(uint32_t insn, Op& op, Flow& flow) {
  const uint16_t key = static_cast<uint16_t>(bits(insn, 20, 5));
  const system::SystemInstruction* instruction = system::findInstruction(key);
  if (instruction == nullptr || bit(insn, 21)) {
    if (!system::isImplementationDefined(key)) return false;
    op.run = system::unmodelledRegister();
    flow = Flow::kEnd;
    return true;
  }
  op.imm = reinterpret_cast<uint64_t>(instruction);
  op.rn = source(bits(insn, 4, 0));
  op.run = system::systemInstruction();
  if (instruction->endsBlock) flow = Flow::kEnd;
  return true;
}

}  // namespace

bool decodeSystem(uint32_t insn, Op& op, Flow& flow) {
  const unsigned op0 = bits(insn, 20, 19);
  if (op0 >= 2) return systemRegister(insn, op, flow);
  if (op0 == 1) return systemInstruction(insn, op, flow);
  if (bit(insn, 21) || bits(insn, 4, 0) != 31) return false;
  const bool userGroup = bits(insn, 18, 16) == 3;
  switch (bits(insn, 15, 12)) {
    case 2:
      if (userGroup) hint(insn, op, flow);
      return userGroup;
    case 3: return userGroup && barrier(insn, op, flow);
    case 4: return pstateField(insn, op, flow);
    default: return false;
  }
}

}  // namespace cellvisor::machine
