import { parseCause } from './cause';
import { logLines } from './lines';
import type { Cause, CrashDump, Registers, Syndrome } from '../dump';
import type { LogLine } from './lines';

const FATAL = /FATAL: (unhandled trap|forbidden access) \(exception class 0x([0-9a-f]{2})\)/;
const HEADING = /Cell state before exception:/;
const PC = /(?:^|\s)pc: ([0-9a-f]{16})(?: +lr: ([0-9a-f]{16}))?(?: +spsr: ([0-9a-f]{8}))?(?: +EL(\d))?/;
const SP = /(?:^|\s)sp: ([0-9a-f]{16})(?: +elr: ([0-9a-f]{16}))?/;
const ESR = /esr: ([0-9a-f]{2}) ([01]) ([0-9a-f]{7})(?![0-9a-f])/;
const X = /(?<![0-9a-z])x(\d{1,2}): ([0-9a-f]{16})(?![0-9a-f])/g;
const END = /(Parking|Stopping) CPU (\d{1,4}) \(Cell: "([^"]{0,31})"\)/;

/** Order of the parts within a dump: what comes again, or comes too early, belongs to the next one. */
const RANK = { cause: 0, fatal: 1, heading: 2, pc: 3, sp: 4, x0: 5, end: 35 } as const;
/** No dump is longer: what is missing more was not only the rest of this one. */
const LONGEST_DUMP_BYTES = 1400;
/** A cause belongs to a dump that follows at once; noise may stand between. */
const CAUSE_REACH_LINES = 12;
const GENERAL_REGISTERS = 30;

/**
 * Finds the dumps in a log: of either form (before v0.12 and after), with any line ends, between messages of Linux, and
 * with lines missing. Text that is no dump is passed over. Never throws.
 */
export function parseCrashLog(log: string): CrashDump[] {
  const dumps: CrashDump[] = [];
  let open: OpenDump | undefined;
  const close = () => {
    const dump = open?.finish();
    if (dump) {
      dumps.push(dump);
    }
    open = undefined;
  };
  for (const line of logLines(log)) {
    for (const part of partsOf(line.text)) {
      if (open?.isBefore(part, line)) {
        close();
      }
      open ??= new OpenDump(line.number);
      open.add(part, line);
      if (part.rank === RANK.end) {
        close();
      }
    }
    open?.missed(line);
  }
  close();
  return dumps;
}

interface Part {
  readonly rank: number;
  put(draft: Draft): void;
}

interface Draft {
  cause: Cause | undefined;
  verdict: CrashDump['verdict'];
  exceptionClass: number | undefined;
  syndrome: Syndrome | undefined;
  registers: Partial<{ -readonly [Name in Exclude<keyof Registers, 'x'>]: Registers[Name] }>;
  x: (bigint | undefined)[];
  cpu: number | undefined;
  cell: string | undefined;
  end: CrashDump['end'];
}

/** What a line holds of a dump, in the dump's order. */
function partsOf(text: string): Part[] {
  const fatal = FATAL.exec(text);
  if (fatal) {
    return [
      {
        rank: RANK.fatal,
        put: (draft) => {
          draft.verdict = fatal[1] as CrashDump['verdict'];
          draft.exceptionClass = parseInt(fatal[2] as string, 16);
        },
      },
    ];
  }
  const cause = parseCause(text);
  if (cause) {
    return [{ rank: RANK.cause, put: (draft) => (draft.cause = cause) }];
  }
  if (HEADING.test(text)) {
    return [{ rank: RANK.heading, put: () => undefined }];
  }
  const end = END.exec(text);
  if (end) {
    return [
      {
        rank: RANK.end,
        put: (draft) => {
          draft.end = end[1] === 'Parking' ? 'parked' : 'stopped';
          draft.cpu = Number(end[2]);
          draft.cell = end[3];
        },
      },
    ];
  }
  return registerParts(text);
}

function registerParts(text: string): Part[] {
  const pc = PC.exec(text);
  if (pc) {
    const [, address, lr, spsr, level] = pc;
    return [
      {
        rank: RANK.pc,
        put: ({ registers }) => {
          registers.pc = word(address);
          registers.lr = word(lr);
          registers.spsr = spsr === undefined ? undefined : parseInt(spsr, 16);
          registers.exceptionLevel = level === undefined ? undefined : Number(level);
        },
      },
    ];
  }
  const sp = SP.exec(text);
  const esr = ESR.exec(text);
  if (sp || esr) {
    return [{ rank: RANK.sp, put: (draft) => putStackAndSyndrome(draft, sp, esr) }];
  }
  const found = [...text.matchAll(X)].map(([, number, value]) => ({ number: Number(number), value: word(value) }));
  // Linux prints its own registers in descending order.
  const ascending = found.every(({ number }, index) => index === 0 || number === (found[index - 1]?.number ?? 0) + 1);
  return ascending
    ? found
        .filter(({ number }) => number < GENERAL_REGISTERS)
        .map(({ number, value }) => ({ rank: RANK.x0 + number, put: ({ x }) => void (x[number] = value) }))
    : [];
}

function putStackAndSyndrome(draft: Draft, sp: RegExpExecArray | null, esr: RegExpExecArray | null): void {
  draft.registers.sp = word(sp?.[1]);
  draft.registers.elr = word(sp?.[2]);
  if (esr) {
    draft.syndrome = {
      exceptionClass: parseInt(esr[1] as string, 16) & 0x3f,
      is32Bit: esr[2] === '1',
      iss: parseInt(esr[3] as string, 16) & 0x1ff_ffff,
    };
  }
}

function word(digits: string | undefined): bigint | undefined {
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}

/** A dump whose end has not been seen. */
class OpenDump {
  private readonly draft: Draft = {
    cause: undefined,
    verdict: undefined,
    exceptionClass: undefined,
    syndrome: undefined,
    registers: {},
    x: Array.from({ length: GENERAL_REGISTERS }, () => undefined),
    cpu: undefined,
    cell: undefined,
    end: undefined,
  };
  private rank = -1;
  private lastLine: number;
  private missedBytes = 0;
  private lastMissed = 0;

  constructor(private readonly firstLine: number) {
    this.lastLine = firstLine;
  }

  /** Whether this dump is over before that part. */
  isBefore({ rank }: Part, { number, missedBefore }: LogLine): boolean {
    const causeIsOld = this.rank === RANK.cause && number - this.lastLine > CAUSE_REACH_LINES;
    return rank <= this.rank || causeIsOld || this.isTooFar(number, missedBefore);
  }

  add(part: Part, line: LogLine): void {
    this.missed(line);
    part.put(this.draft);
    this.rank = part.rank;
    this.lastLine = line.number;
  }

  /** Whether more was lost since the last part than a dump is long. */
  private isTooFar(number: number, missedBefore: number): boolean {
    return number !== this.lastMissed && missedBefore > LONGEST_DUMP_BYTES;
  }

  /** Counts what was lost before a line, once. */
  missed({ number, missedBefore }: LogLine): void {
    if (missedBefore > 0 && number !== this.lastMissed) {
      this.missedBytes += missedBefore;
      this.lastMissed = number;
    }
  }

  /** @returns undefined for lines that only looked like a part of a dump */
  finish(): CrashDump | undefined {
    const { registers, x, syndrome, exceptionClass, ...draft } = this.draft;
    const { pc, lr, sp, elr, spsr, exceptionLevel } = registers;
    const known = [draft.cause, draft.verdict, pc, draft.end].filter((one) => one !== undefined).length;
    // A cause alone is one; a register, or that a CPU of a cell was parked, is not.
    if (known === 0 || (known === 1 && draft.end === 'parked' && x.every((value) => value === undefined))) {
      return undefined;
    }
    return {
      ...draft,
      firstLine: this.firstLine,
      lastLine: this.lastLine,
      exceptionClass: exceptionClass ?? syndrome?.exceptionClass,
      syndrome,
      registers: { pc, lr, sp, elr, spsr, exceptionLevel, x },
      missedBytes: this.missedBytes,
      missing: this.missing(),
    };
  }

  private missing(): string[] {
    const { cause, verdict, syndrome, registers, x, end } = this.draft;
    const lost = x.flatMap((value, number) => (value === undefined ? [`x${number}`] : []));
    const all = lost.length === GENERAL_REGISTERS;
    return [
      ...(verdict === undefined && cause === undefined ? ['what the hypervisor called it'] : []),
      ...(registers.pc === undefined ? ['pc'] : []),
      ...(syndrome === undefined ? ['esr'] : []),
      ...(all ? ['x0 to x29'] : lost),
      ...(end === undefined ? ['which CPU of which cell was parked'] : []),
    ];
  }
}
