import { IRQCHIP_PINS, irqchipPins, irqchipsHold } from '../../../abi/jailhouse';
import { at, inSystem } from '../finding';
import { allCells, rootOf } from '../subject';
import { cellWords, hex, intidWords, list } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';
import type { Irqchip } from '../../../abi/jailhouse';

const PIN_LIMIT = 1024;
const FIRST_SPI = 32;
/** INTIDs from here on are special (IHI 0069, 2.2.1). */
const FIRST_SPECIAL = 1020;
/** Lines that name single interrupts: a wrong pin_base moves all 128. */
const SHOWN = 4;

interface Pin {
  readonly intid: number;
  /** The entry that names it. */
  readonly chip: number;
}

/** Irqchips: the numbers in them, and who else has those interrupts. */
export function checkInterrupts(subject: Subject, report: Report): void {
  const { system, cells, hardware } = subject;
  const gicdBase = system?.config.arm?.gicdBase;
  const spiCount = hardware?.gic?.spiCount;
  for (const cell of allCells(subject)) {
    cell.config.irqchips.forEach((irqchip, index) => {
      checkEntry(cell, irqchip, index, report);
      if (system && gicdBase !== undefined && irqchip.address !== gicdBase) {
        report('IRQCHIP-ADDRESS', {
          message: `irqchips[${index}] of ${cellWords(cell)} is not the GIC`,
          places: [
            at(cell, `irqchips[${index}].address`, hex(irqchip.address)),
            inSystem(system, 'platform_info.arm.gicd_base', hex(gicdBase)),
          ],
          remedy: `irqchips[${index}].address = ${hex(gicdBase)}`,
        });
      }
    });
    // A root cell takes what there is: NXP's lists name more than some boards have.
    const limit = cell.isRoot || spiCount === undefined ? FIRST_SPECIAL : FIRST_SPI + spiCount;
    checkPins(cell, limit, report);
  }
  checkTwice(cells, report);
  if (system) {
    checkRoot(rootOf(system), cells, report);
  }
}

function checkEntry(cell: CheckedCell, { pinBase }: Irqchip, index: number, report: Report): void {
  if (pinBase % 32 !== 0 || pinBase + IRQCHIP_PINS > PIN_LIMIT) {
    report('IRQCHIP-BASE', {
      message: `irqchips[${index}].pin_base is ${pinBase}; it must be a multiple of 32, at most ${PIN_LIMIT - IRQCHIP_PINS}`,
      places: [at(cell, `irqchips[${index}].pin_base`, `${pinBase}`)],
      remedy: `irqchips[${index}].pin_base = ${Math.min(pinBase - (pinBase % 32), PIN_LIMIT - IRQCHIP_PINS)}, with the bits of pin_bitmap moved accordingly`,
    });
  }
}

function checkPins(cell: CheckedCell, limit: number, report: Report): void {
  cell.config.irqchips.forEach((irqchip, index) => {
    if (irqchip.pinBase >= FIRST_SPI && irqchip.pinBase + IRQCHIP_PINS <= limit) {
      return;
    }
    const pins = irqchipPins(irqchip);
    const beyond = pins.filter((pin) => pin >= limit);
    const privates = pins.filter((pin) => pin < FIRST_SPI);
    if (beyond.length > 0) {
      report('IRQ-RANGE', {
        message: `${cellWords(cell)} asks for ${intids(beyond)}; the last one there is ${limit - 1}`,
        places: [at(cell, `irqchips[${index}].pin_bitmap`, chipValue(irqchip))],
      });
    }
    if (privates.length > 0) {
      report('IRQ-PRIVATE', {
        message: `${cellWords(cell)} asks for ${intids(privates)}: these are no SPIs`,
        places: [at(cell, `irqchips[${index}].pin_bitmap`, chipValue(irqchip))],
        remedy: `for SPIs ${list(privates.slice(0, SHOWN))} name INTIDs ${list(privates.slice(0, SHOWN).map((pin) => pin + FIRST_SPI))}: pin_base = 32`,
      });
    }
  });
}

function checkTwice(cells: readonly CheckedCell[], report: Report): void {
  const owners = new Map<number, { cell: CheckedCell; chip: number }>();
  for (const cell of cells) {
    const taken = new Map<CheckedCell, Pin[]>();
    for (const pin of spisOf(cell)) {
      const owner = owners.get(pin.intid);
      if (owner && owner.cell !== cell) {
        taken.set(owner.cell, [...(taken.get(owner.cell) ?? []), pin]);
      } else {
        owners.set(pin.intid, { cell, chip: pin.chip });
      }
    }
    for (const [owner, pins] of taken) {
      const [first] = pins as [Pin];
      report('IRQ-TWICE', {
        message: `${cellWords(owner)} and ${cellWords(cell)} both have ${intids(pins.map(({ intid }) => intid))}`,
        places: [chipPlace(owner, owners.get(first.intid)?.chip ?? 0), chipPlace(cell, first.chip)],
      });
    }
  }
}

function checkRoot(root: CheckedCell, cells: readonly CheckedCell[], report: Report): void {
  const { irqchips } = root.config;
  for (const cell of cells) {
    const missing = spisOf(cell).filter(({ intid }) => intid < FIRST_SPECIAL && !irqchipsHold(irqchips, intid));
    const [first] = missing;
    if (first) {
      report('IRQ-NOT-IN-ROOT', {
        message: `${cellWords(cell)} has ${intids(missing.map(({ intid }) => intid))}, which the root cell does not have`,
        places: [
          chipPlace(cell, first.chip),
          at(root, 'irqchips', `${new Set(spisOf(root).map(({ intid }) => intid)).size} interrupts`),
        ],
      });
    }
  }
}

function spisOf({ config }: CheckedCell): Pin[] {
  return config.irqchips.flatMap((irqchip, chip) =>
    irqchipPins(irqchip)
      .filter((intid) => intid >= FIRST_SPI)
      .map((intid) => ({ intid, chip })),
  );
}

function chipPlace(cell: CheckedCell, index: number) {
  return at(cell, `irqchips[${index}].pin_bitmap`, chipValue(cell.config.irqchips[index] as Irqchip));
}

function chipValue({ pinBase, pinBitmap }: Irqchip): string {
  const used = pinBitmap.slice(0, pinBitmap.findLastIndex((word) => word !== 0) + 1);
  return `pin_base ${pinBase}, pin_bitmap { ${used.map(hex).join(', ')} }`;
}

function intids(numbers: readonly number[]): string {
  const shown = numbers.slice(0, SHOWN).map(intidWords);
  return numbers.length > SHOWN ? `${shown.join(', ')} and ${numbers.length - SHOWN} more` : list(shown);
}
