import * as imx8mm from '../../../cells/imx8mm';
import * as imx8mmVeth from '../../../cells/imx8mm-veth';
import * as imx8mq from '../../../cells/imx8mq';
import * as qemuArm64 from '../../../cells/qemu-arm64';
import { BOARDS } from '../../../src/boards';
import { boardOf, releaseOf } from '../../../src/cli/cellvisor/try/find-board';
import type { SystemConfig } from '../../../src/abi/jailhouse';

const renamed = (config: SystemConfig, name: string): SystemConfig => ({
  ...config,
  rootCell: { ...config.rootCell, name },
});

test.each([
  ['imx8mm-evk', imx8mm],
  ['imx8mm-evk', imx8mmVeth],
  ['imx8mq-evk', imx8mq],
  ['qemu-arm64', qemuArm64],
])('%s is found from its root cell', (name, module) => {
  expect(boardOf(module.config as SystemConfig, undefined).name).toBe(name);
});

test('a name of one’s own is enough where only one board fits, and a question where several do', () => {
  expect(boardOf(renamed(qemuArm64.config, 'mine'), undefined).name).toBe('qemu-arm64');
  expect(() => boardOf(renamed(imx8mm.config, 'mine'), undefined)).toThrow("root cell 'mine' fits several boards");
  expect(boardOf(renamed(imx8mm.config, 'mine'), 'imx8mm-evk').name).toBe('imx8mm-evk');
});

test('a root cell that fits no board says what there is', () => {
  const arm = { ...imx8mm.config.arm, gicdBase: 1n } as SystemConfig['arm'];
  const elsewhere = { ...imx8mm.config, ...(arm ? { arm } : {}) };
  expect(() => boardOf(elsewhere, undefined)).toThrow(
    'no emulated board has its interrupt controller and console where',
  );
  expect(() => boardOf(elsewhere, 'nosuch')).toThrow("there is no emulated board 'nosuch'");
  try {
    boardOf(elsewhere, undefined);
  } catch (error) {
    expect(error).toMatchObject({ hint: `choose with --board: ${BOARDS.map(({ name }) => name).join(', ')}` });
  }
});

test('the release follows from the layout of the configs', () => {
  expect(releaseOf('nxp-10').name).toBe('nxp-v0.10');
  expect(() => releaseOf('upstream-8')).toThrow('no emulated Jailhouse release takes configs of dialect upstream-8');
});
