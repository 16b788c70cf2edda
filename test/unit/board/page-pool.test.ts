import { cpusOf, encodeConfig } from '../../../src/abi/jailhouse';
import { findBoard } from '../../../src/boards';
import { Hypervisor } from '../../../src/board/hypervisor/hypervisor';
import { PagePool } from '../../../src/board/hypervisor/page-pool';
import { Stage2Tables } from '../../../src/board/hypervisor/stage2-tables';
import { findRelease } from '../../../src/board/releases';
import { FakeMachine } from '../../support/fake-machine';
import * as configs from './configs';
import type { CellConfig, SystemConfig } from '../../../src/abi/jailhouse';

const never = new AbortController().signal;
const release = findRelease('nxp-v0.10');

function enabled(boardName: string, system: SystemConfig) {
  const board = findBoard(boardName);
  const { cpus, ram, gic, counterFrequencyHz, uarts } = board;
  const machine = new FakeMachine({ cpus, ram, gic, counterFrequencyHz, uarts, clock: 'real', onEvents: () => {} });
  const onlineCpus = cpus.map((_, index) => index);
  const request = {
    machine,
    board,
    release,
    system,
    configBytes: encodeConfig(system, release.dialect).length,
    maxCpus: Math.max(...cpusOf(system.rootCell.cpuSet)) + 1,
    onlineCpus,
  };
  Hypervisor.takeMachine(request, () => {});
  const hypervisor = Hypervisor.enter(request);
  const round = async (config: CellConfig) => {
    const configBytes = encodeConfig(config, release.dialect).length;
    await hypervisor.createCell({ config, id: 1, configBytes, callingCpu: 0 }, never);
    await hypervisor.setLoadable(1, 0, never);
    await hypervisor.startCell(1, 0, never);
    await hypervisor.destroyCell(1, 0, never);
  };
  const printed = () => [...machine.console.matchAll(/Page pool usage (.*): mem (\d+)\/994, remap (\d+)\/131072/g)];
  const figures = () => printed().map(([, , mem]) => Number(mem));
  return { machine, hypervisor, round, figures, printed };
}

describe('page pool figures of the GA release (jailhouse-abi reference 5.3)', () => {
  test.each([
    ['imx8mq', 'imx8mq-evk', configs.imx8mq, configs.imx8mqGicDemo, [39, 61, 73, 62]],
    ['imx8mq-veth', 'imx8mq-evk', configs.imx8mqVeth, configs.imx8mqGicDemo, [39, 72, 84, 73]],
    ['imx8mm', 'imx8mm-evk', configs.imx8mm, configs.imx8mmGicDemo, [39, 58, 70, 59]],
    ['imx8qxp', 'imx8qxp-mek', configs.imx8qxp, configs.imx8GicDemo, [39, 63, 75, 63]],
    ['imx8mq', 'imx8mq-evk', configs.imx8mq, configs.imx8mqIvshmemDemo, [39, 61, 76, 62]],
    ['imx8mm', 'imx8mm-evk', configs.imx8mm, configs.imx8mmIvshmemDemo, [39, 58, 71, 59]],
    ['imx8qxp', 'imx8qxp-mek', configs.imx8qxp, configs.imx8qxpIvshmemDemo, [39, 63, 79, 63]],
  ])('%s on %s', async (_name, board, system, demo, expected) => {
    const { round, figures, printed } = enabled(board, system);
    await round(demo);
    expect(figures()).toEqual(expected);
    expect(printed().map(([, when]) => when)).toEqual([
      'after early setup',
      'after late setup',
      'after cell creation',
      'after cell destruction',
    ]);
    expect(printed().map(([, , , remap]) => Number(remap))).toEqual([0, 144, 144, 144]);
  });

  test('1000 rounds leave the pool where the first one left it', async () => {
    const { round, figures } = enabled('imx8mq-evk', configs.imx8mq);
    for (let index = 0; index < 1000; index++) {
      await round(index % 2 === 0 ? configs.imx8mqGicDemo : configs.imx8mqIvshmemDemo);
    }
    expect(figures().at(-1)).toBe(62);
  });
});

describe('stage 2 tables', () => {
  const tables = (bits: number, pages = 100) => {
    const pool = new PagePool(pages);
    return { pool, tables: new Stage2Tables(pool, bits) };
  };

  test('40 address bits concatenate two level 1 tables; 44 start at level 0', () => {
    expect(tables(40).pool.usedPages).toBe(2);
    const { pool, tables: deep } = tables(44);
    expect(pool.usedPages).toBe(1);
    deep.map(0n, 0n, 0x20_0000n);
    expect(pool.usedPages).toBe(3);
    deep.unmap(0n, 0x20_0000n);
    expect(pool.usedPages).toBe(1);
  });

  test('a block is split when a page of it goes, and the table stays until it is empty', () => {
    const { pool, tables: stage2 } = tables(40);
    stage2.map(0x4000_0000n, 0x4000_0000n, 0x4000_0000n);
    expect(pool.usedPages).toBe(3);
    stage2.unmap(0x4000_1000n, 0x1000n);
    expect(pool.usedPages).toBe(4);
    stage2.map(0x4000_1000n, 0x4000_1000n, 0x1000n);
    expect(pool.usedPages).toBe(4);
    stage2.map(0x4000_0000n, 0x4000_0000n, 0x20_0000n);
    expect(pool.usedPages).toBe(3);
    stage2.unmap(0x4000_0000n, 0x4000_0000n);
    expect(pool.usedPages).toBe(2);
  });

  test('addresses that do not align with each other are mapped page by page', () => {
    const { pool, tables: stage2 } = tables(40);
    stage2.map(0n, 0x1000n, 0x40_0000n);
    expect(pool.usedPages).toBe(2 + 1 + 2);
  });

  test('a region as large as any config can claim runs out of memory, soon, and everything can be given back', () => {
    const { pool, tables: stage2 } = tables(40, 994);
    expect(() => stage2.map(0n, 0x1000n, 0xffff_ffff_ffff_f000n)).toThrow(expect.objectContaining({ errno: 'ENOMEM' }));
    stage2.release();
    expect(pool.usedPages).toBe(0);
  });

  test('no page is lost when the pool runs out between a level 2 and a level 3 table', () => {
    const { pool, tables: stage2 } = tables(40, 3);
    expect(() => stage2.map(0x1000n, 0n, 0x1000n)).toThrow(expect.objectContaining({ errno: 'ENOMEM' }));
    expect(pool.usedPages).toBe(2);
  });
});
