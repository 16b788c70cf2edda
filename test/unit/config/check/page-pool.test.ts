import { cells } from '../../../../cells';
import { estimatePool } from '../../../../src/config/check/page-pool';
import type { CellConfig, SystemConfig } from '../../../../src/abi/jailhouse';

/** Pages in use after late setup, and with a demo: jailhouse-abi reference 5.3. */
test.each([
  ['imx8mq', undefined, 61],
  ['imx8mq', 'imx8mq-gic-demo', 73],
  ['imx8mq', 'imx8mq-ivshmem-demo', 76],
  ['imx8mq-veth', undefined, 72],
  ['imx8mm', undefined, 58],
  ['imx8mm', 'imx8mm-ivshmem-demo', 71],
  ['imx8qxp', undefined, 63],
  ['imx8qxp', 'imx8qxp-gic-demo', 75],
])('%s with %s takes about %d pages of 994', (root, cell, pages) => {
  const { config, dialect } = cells[root] as { config: SystemConfig; dialect: 'nxp-10' };
  const others = cell === undefined ? [] : [{ config: cells[cell]?.config as CellConfig, dialect, isRoot: false }];
  const { sizePages, usedPages } = estimatePool({ config, dialect }, others);
  expect(sizePages).toBe(994);
  expect(Math.abs(usedPages - pages)).toBeLessThanOrEqual(6);
});
