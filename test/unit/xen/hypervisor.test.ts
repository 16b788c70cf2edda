import { HYPERCALL } from '../../../src/abi/xen/hypercall';
import { Hypervisor } from '../../../src/xen/hypervisor/hypervisor';
import { fakeXen } from './fake-xen';
import type { SeenCall } from './fake-xen';

const EACCES = 13;
const EINVAL = 22;

const view = ({ buffer }: { readonly buffer: Uint8Array }) =>
  new DataView(buffer.buffer, buffer.byteOffset, buffer.length);

/** A Xen of a version that writes so many bytes about its one domain, dom0. */
function xen(
  minor: number,
  infoBytes: number,
  sysctlVersion: number,
  more: (call: SeenCall) => number = () => -EINVAL,
) {
  return fakeXen((call) => {
    if (call.op === HYPERCALL.xen_version && call.words[0] === 0n) return (4 << 16) | minor;
    const struct = call.argument(0);
    if (call.op !== HYPERCALL.sysctl || struct === undefined || view(struct).getUint32(0, true) !== 6)
      return more(call);
    if (view(struct).getUint32(4, true) !== sysctlVersion) return -EACCES;
    struct.references?.[0]?.buffer.fill(0, 0, infoBytes);
    view(struct).setUint32(8 + 16, 1, true);
    return 0;
  });
}

describe('which Xen runs', () => {
  test.each([
    ['4.11', 11, 112, 0x11],
    ['nxp-4.11', 11, 368, 0x11],
    ['4.13', 13, 112, 0x12],
    ['nxp-4.13', 13, 368, 0x12],
    ['4.14', 14, 112, 0x13],
    ['4.15', 15, 112, 0x13],
    ['4.16', 16, 120, 0x14],
    ['4.17', 17, 120, 0x15],
    ['4.18', 18, 120, 0x15],
    ['4.19', 19, 120, 0x15],
    ['4.20', 20, 120, 0x15],
  ])('%s, by its version and by what it writes', async (name, minor, infoBytes, sysctl) => {
    expect((await Hypervisor.open(xen(minor, infoBytes, sysctl))).dialect.name).toBe(name);
  });

  test('one that nobody knows is refused, by both versions', async () => {
    await expect(Hypervisor.open(xen(99, 120, 0x15))).rejects.toMatchObject({
      code: 'E_XEN_VERSION',
      message: expect.stringMatching(/^Xen 4\.99 runs, and is not one of 4\.11, nxp-4\.11/),
    });
  });

  test('one with another interface than its release', async () => {
    await expect(Hypervisor.open(xen(17, 120, 0x99))).rejects.toMatchObject({
      message: 'Xen 4.17 does not answer to interface 0x15, which Xen 4.17 has',
    });
  });

  test('one that writes what no release of that version does', async () => {
    await expect(Hypervisor.open(xen(11, 200, 0x11))).rejects.toMatchObject({
      message: 'Xen 4.11 writes 200 bytes about a domain (4.11 writes 112, nxp-4.11 writes 368): it is another fork',
    });
  });

  test('a target is taken as it is, if its version runs', async () => {
    const kernel = xen(11, 112, 0x11);
    expect((await Hypervisor.open(kernel, { target: 'nxp-4.11' })).dialect.name).toBe('nxp-4.11');
    await expect(Hypervisor.open(kernel, { target: '4.17' })).rejects.toMatchObject({
      message: 'target 4.17 is asked for, Xen 4.11 runs',
    });
    await expect(Hypervisor.open(kernel, { target: 'x' })).rejects.toThrow("'x' is no target");
  });
});

describe('the pool of page tables', () => {
  /** The domctls that Xen saw: command, and the first 16 bytes of the union. */
  function pool(minor: number, infoBytes: number, sysctlVersion: number, result: number) {
    const seen: (readonly number[])[] = [];
    const kernel = xen(minor, infoBytes, sysctlVersion, (call) => {
      const struct = call.argument(0);
      if (call.op !== HYPERCALL.domctl || struct === undefined) return -EINVAL;
      const words = view(struct);
      seen.push([words.getUint32(0, true), ...[0, 4, 8, 12].map((at) => words.getUint32(16 + at, true))]);
      return result;
    });
    return { seen, memory: Hypervisor.open(kernel).then((hypervisor) => hypervisor.memory) };
  }

  test('from 4.17 on, calls of its own, in bytes', async () => {
    const { seen, memory } = pool(17, 120, 0x15, 0);
    await (await memory).setPagingPoolBytes(5, 0x20_1000n);
    expect(seen).toEqual([[86, 0x20_1000, 0, 0, 0]]);
  });

  test('before, an operation of shadow_op, in MiB', async () => {
    const { seen, memory } = pool(14, 112, 0x13, 0);
    await (await memory).setPagingPoolBytes(5, 0x20_1000n);
    expect(seen).toEqual([[10, 31, 0, 3, 0]]);
  });

  test.each([
    ['ENOSYS', 38],
    ['EOPNOTSUPP', 95],
  ])('a Xen without the security updates has none: %s', async (_, errno) => {
    const memory = await pool(14, 112, 0x13, -errno).memory;
    await expect(memory.setPagingPoolBytes(5, 0x20_0000n)).resolves.toBeUndefined();
  });

  test('a pool that the host has no memory for is an error', async () => {
    const memory = await pool(14, 112, 0x13, -12).memory;
    await expect(memory.setPagingPoolBytes(5, 0x20_0000n)).rejects.toMatchObject({ errno: 'ENOMEM' });
  });
});

describe('populate', () => {
  /** What populate_physmap was asked for: order and frames; the host has `available` blocks of 2 MiB, and any small ones. */
  async function populated(first: bigint, count: number, available = Infinity) {
    const asked: { readonly order: number; readonly frames: bigint[] }[] = [];
    let left = available;
    const kernel = xen(17, 120, 0x15, (call) => {
      expect(call.op).toBe(HYPERCALL.multicall);
      const list = call.argument(0);
      const reservation = list?.references?.[0];
      const extents = reservation?.references?.[0];
      if (list === undefined || reservation === undefined || extents === undefined) return -EINVAL;
      const order = view(reservation).getUint32(16, true);
      const frames = Array.from({ length: extents.buffer.length / 8 }, (_, at) =>
        view(extents).getBigUint64(8 * at, true),
      );
      const done = order === 0 ? frames.length : Math.min(left, frames.length);
      left -= order === 0 ? 0 : done;
      asked.push({ order, frames });
      view(list).setBigInt64(8, BigInt(done), true);
      return 0;
    });
    await (await Hypervisor.open(kernel)).memory.populate(5, first, count);
    return asked.map(({ order, frames }) => [order, frames.length, frames[0]]);
  }

  test('128 MiB are one call', async () => {
    expect(await populated(0x40000n, 32768)).toEqual([[9, 64, 0x40000n]]);
  });

  test('pages before and after blocks', async () => {
    expect(await populated(0x401ffn, 514)).toEqual([
      [0, 1, 0x401ffn],
      [9, 1, 0x40200n],
      [0, 1, 0x40400n],
    ]);
  });

  test('a block that the host has not is made of pages', async () => {
    expect(await populated(0x40000n, 1024, 1)).toEqual([
      [9, 2, 0x40000n],
      [0, 512, 0x40200n],
    ]);
  });
});
