import { HYPERCALL, multicallEntryLayout, PAGE_BYTES, privcmdHypercallLayout } from '../../abi/xen/hypercall';
import {
  mmapBatchLayout,
  mmapResourceLayout,
  PRIVCMD_HYPERCALL,
  PRIVCMD_MMAP_RESOURCE,
  PRIVCMD_MMAPBATCH_V2,
  PRIVCMD_PATH,
} from '../../abi/xen/privcmd';
import { KernelError } from '../../errors';
import { HypercallMemory } from './hypercall-memory';
import type { HypercallArgument } from '../../abi/xen/argument';
import type { HypercallName } from '../../abi/xen/hypercall';
import type { IoctlReference, Kernel, KernelFile, SharedMemory } from '../../kernel/kernel';

export interface HypercallOptions {
  /** May take long: made on another thread. */
  readonly isLong?: boolean;
}

/** One call of a multicall. */
export interface MulticallRequest {
  readonly name: HypercallName;
  readonly args: readonly (number | bigint | HypercallArgument)[];
}

/** /dev/xen/privcmd: hypercalls, and other domains' pages (xen-abi reference 1 and 2). */
export class Privcmd {
  /** Pages of {@link withPages}. */
  private readonly lent = new Set<ArrayBufferLike>();

  private constructor(
    private readonly file: KernelFile,
    private readonly memory: HypercallMemory,
  ) {}

  static async open(kernel: Kernel): Promise<Privcmd> {
    const file = await kernel.open(PRIVCMD_PATH, { access: 'read-write' });
    try {
      return new Privcmd(file, await HypercallMemory.open(kernel));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Makes one hypercall. Structs among the arguments are given to Xen in pages that it can reach, and hold afterwards what it
   * wrote, also when the call failed.
   *
   * @param operation for errors, such as `domctl destroydomain of domain 5`
   * @returns its result, which Linux cuts to 31 bits
   * @throws KernelError `E_HYPERCALL` with Xen's errno
   */
  async call(
    name: HypercallName,
    args: readonly (number | bigint | HypercallArgument)[],
    operation: string,
    { isLong = false }: HypercallOptions = {},
  ): Promise<number> {
    const structs = args.filter((arg): arg is HypercallArgument => typeof arg === 'object');
    const isThere = (bytes: Uint8Array) => this.lent.has(bytes.buffer);
    const borrowed = await this.memory.borrow(structs.reduce((sum, struct) => sum + sizeOf(struct, isThere), 0));
    try {
      const placed = new Placement(borrowed.bytes, isThere);
      const words = privcmdHypercallLayout.encode({ op: BigInt(HYPERCALL[name]), ...numbered(args) });
      const references = args.flatMap((arg, index) =>
        typeof arg === 'object' ? [placed.place(arg, 8 + 8 * index)] : [],
      );
      try {
        return await this.file.ioctl(PRIVCMD_HYPERCALL, { bytes: words, references }, { isQuick: !isLong });
      } finally {
        placed.copyBack();
      }
    } catch (error) {
      throw hypercallError(error, operation);
    } finally {
      this.memory.giveBack(borrowed);
    }
  }

  /**
   * Lends a buffer in pages that Xen can reach, with any content. Arguments of calls that lie in it are not copied: what Xen
   * writes is read where it is.
   */
  async withPages<T>(sizeBytes: number, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
    const borrowed = await this.memory.borrow(sizeBytes);
    const pages = borrowed.bytes.buffer;
    this.lent.add(pages);
    try {
      return await use(borrowed.bytes.subarray(0, sizeBytes));
    } finally {
      this.lent.delete(pages);
      this.memory.giveBack(borrowed);
    }
  }

  /**
   * Several hypercalls in one, in order. Their results keep all 64 bits; a negative one is an errno.
   *
   * @throws KernelError when the multicall itself failed
   */
  async multicall(
    requests: readonly MulticallRequest[],
    operation: string,
    options?: HypercallOptions,
  ): Promise<bigint[]> {
    const size = multicallEntryLayout.sizeBytes;
    const bytes = new Uint8Array(requests.length * size);
    const references = requests.flatMap(({ name, args }, index) => {
      const entry = { op: BigInt(HYPERCALL[name]), result: 0n, ...numbered(args), arg5: 0n };
      bytes.set(multicallEntryLayout.encode(entry), index * size);
      return args.flatMap((arg, at) =>
        typeof arg === 'object'
          ? [
              {
                offset: index * size + multicallEntryLayout.offsetOf(`arg${at}`),
                buffer: arg.bytes,
                references: arg.references ?? [],
              },
            ]
          : [],
      );
    });
    await this.call('multicall', [{ bytes, references }, requests.length], operation, options);
    return requests.map((_, index) => BigInt.asIntN(64, multicallEntryLayout.decode(bytes, index * size).result));
  }

  /**
   * Maps pages of another domain, by guest frame number. They must be unmapped before the domain can go.
   *
   * @throws KernelError with the errno of the first page that could not be mapped; then none is
   */
  async mapForeign(domain: number, frames: BigUint64Array): Promise<SharedMemory> {
    const operation = `mapping ${frames.length} pages of domain ${domain}`;
    const memory = await this.file.mapMemory(0, frames.length * PAGE_BYTES, 'read-write');
    try {
      const errors = new Int32Array(frames.length);
      const argument = {
        bytes: mmapBatchLayout.encode({
          count: frames.length,
          domain,
          address: 0n,
          framesAddress: 0n,
          errorsAddress: 0n,
        }),
        references: [
          { offset: mmapBatchLayout.offsetOf('address'), buffer: memory.bytes },
          { offset: mmapBatchLayout.offsetOf('framesAddress'), buffer: new Uint8Array(frames.buffer) },
          { offset: mmapBatchLayout.offsetOf('errorsAddress'), buffer: new Uint8Array(errors.buffer) },
        ],
      };
      await this.file.ioctl(PRIVCMD_MMAPBATCH_V2, argument);
      const bad = errors.findIndex((error) => error !== 0);
      if (bad >= 0) {
        throw new KernelError(`${operation}: frame 0x${frames[bad]?.toString(16)}`, errors[bad] as number);
      }
      return memory;
    } catch (error) {
      memory.unmap();
      throw hypercallError(error, operation);
    }
  }

  /** Maps frames of what Xen keeps for a domain, such as its grant table. @throws KernelError ENOTTY on older kernels */
  async mapResource(domain: number, type: number, id: number, index: number, count: number): Promise<SharedMemory> {
    const memory = await this.file.mapMemory(0, count * PAGE_BYTES, 'read-write');
    try {
      await this.file.ioctl(PRIVCMD_MMAP_RESOURCE, {
        bytes: mmapResourceLayout.encode({ domain, type, id, index, count: BigInt(count), address: 0n }),
        references: [{ offset: mmapResourceLayout.offsetOf('address'), buffer: memory.bytes }],
      });
      return memory;
    } catch (error) {
      memory.unmap();
      throw hypercallError(error, `mapping resource ${type} of domain ${domain}`);
    }
  }

  async close(): Promise<void> {
    await this.memory.close();
    await this.file.close();
  }
}

/** Where arguments stand in the pages that Xen can reach. */
class Placement {
  private usedBytes = 0;
  private readonly copies: { readonly from: Uint8Array; readonly to: Uint8Array }[] = [];

  constructor(
    private readonly room: Uint8Array,
    /** Whether bytes are in such pages already. */
    private readonly isThere: (bytes: Uint8Array) => boolean,
  ) {}

  place({ bytes, references = [] }: HypercallArgument, offset: number): IoctlReference {
    const from = this.isThere(bytes) ? bytes : this.copied(bytes);
    return {
      offset,
      buffer: from,
      references: references.map((one) => this.place({ bytes: one.buffer, ...nestedIn(one) }, one.offset)),
    };
  }

  private copied(bytes: Uint8Array): Uint8Array {
    const from = this.room.subarray(this.usedBytes, this.usedBytes + bytes.length);
    from.set(bytes);
    this.usedBytes += aligned(bytes.length);
    this.copies.push({ from, to: bytes });
    return from;
  }

  copyBack(): void {
    for (const { from, to } of this.copies) to.set(from);
  }
}

function sizeOf({ bytes, references = [] }: HypercallArgument, isThere: (bytes: Uint8Array) => boolean): number {
  return references.reduce(
    (sum, one) => sum + sizeOf({ bytes: one.buffer, ...nestedIn(one) }, isThere),
    isThere(bytes) ? 0 : aligned(bytes.length),
  );
}

function nestedIn({ references }: { readonly references?: HypercallArgument['references'] }) {
  return references === undefined ? {} : { references };
}

/** Structs with 64-bit fields stand at multiples of 8. */
function aligned(sizeBytes: number): number {
  return (sizeBytes + 7) & ~7;
}

/** Up to five arguments; a struct's place is for its address. */
function numbered(args: readonly (number | bigint | HypercallArgument)[]) {
  const word = (index: number) => {
    const arg = args[index] ?? 0;
    return typeof arg === 'object' ? 0n : BigInt.asUintN(64, BigInt(arg));
  };
  return { arg0: word(0), arg1: word(1), arg2: word(2), arg3: word(3), arg4: word(4) };
}

function hypercallError(error: unknown, operation: string): unknown {
  if (!(error instanceof KernelError) || error.operation.startsWith(operation)) return error;
  return new KernelError(operation, error.errnoNumber, {
    code: 'E_HYPERCALL',
    cause: error,
    hint: error.errno === 'EPERM' ? 'Xen lets only the control domain do this' : undefined,
  });
}
