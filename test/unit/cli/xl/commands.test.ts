import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentsDone } from '../../../../src/cli/xl/arguments';
import { blockAttach } from '../../../../src/cli/xl/block-attach';
import { blockDetach } from '../../../../src/cli/xl/block-detach';
import { blockList } from '../../../../src/cli/xl/block-list';
import { console as consoleCommand } from '../../../../src/cli/xl/console';
import { destroy } from '../../../../src/cli/xl/destroy';
import { networkAttach } from '../../../../src/cli/xl/network-attach';
import { networkDetach } from '../../../../src/cli/xl/network-detach';
import { networkList } from '../../../../src/cli/xl/network-list';
import { reboot } from '../../../../src/cli/xl/reboot';
import { rename } from '../../../../src/cli/xl/rename';
import { shutdown } from '../../../../src/cli/xl/shutdown';
import { sysrq } from '../../../../src/cli/xl/sysrq';
import { Xl } from '../../../../src/cli/xl/xl';
import { run } from '../../../support/command';
import { FakeKernel } from '../../../support/fake-kernel';
import { FakeXenstored } from '../../../support/fake-xenstored';
import { playBackends, writeScript } from '../../../support/xen-backends';
import type { Command } from '../../../../src/cli/command';
import type { SubCommand } from '../../../../src/cli/xl/xl';

/** A loaded machine takes its time to start scripts. */
jest.setTimeout(30_000);

let daemon: FakeXenstored;
let folder: string;
beforeEach(async () => {
  daemon = await FakeXenstored.start();
  folder = mkdtempSync(join(tmpdir(), 'cellvisor-xl-'));
  daemon.write('/local/domain/0/name', 'Domain-0');
  daemon.write('/local/domain/1/name', 'domunet');
  daemon.write('/libxl/1/type', 'pvh');
});
afterEach(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

/** As main.ts runs one. */
function asCommand(command: SubCommand): Command {
  return async (args, io) => {
    try {
      return await command(args, new Xl(io, { isForced: false, isDryRun: false, target: undefined }));
    } catch (error) {
      if (error instanceof ArgumentsDone) return error.exitCode;
      throw error;
    }
  };
}

async function xl(command: SubCommand, line: string, kernel = new FakeKernel()): Promise<[number, string, string]> {
  const args = line === '' ? [] : line.split(' ');
  const { code, out, err } = await run(asCommand(command), args, {
    kernel,
    env: { XENSTORED_PATH: daemon.socketPath },
  });
  return [code, out, err];
}

const VIF_HEADER = 'Idx BE Mac Addr.         handle state evt-ch   tx-/rx-ring-ref BE-path                       \n';
const VBD_HEADER = 'Vdev  BE  handle state evt-ch ring-ref BE-path                       \n';
const NOSUCH = 'nosuch is an invalid domain identifier (rc=-6)\n';

/** What Xen 4.17's xl said on the test board. */
describe('as the C tool', () => {
  test.each<[string, SubCommand, string, number, string, string]>([
    ['network-list', networkList, '99', 0, VIF_HEADER, ''],
    ['network-list', networkList, 'nosuch', 1, VIF_HEADER, NOSUCH],
    ['block-list', blockList, 'nosuch', 0, VBD_HEADER, 'nosuch is an invalid domain identifier\n'],
    ['block-list', blockList, '0', 0, VBD_HEADER, ''],
    ['network-attach', networkAttach, 'nosuch', 1, '', NOSUCH],
    ['network-attach', networkAttach, 'domunet foo=bar', 1, '', "unrecognized argument `foo=bar'\n"],
    ['network-attach', networkAttach, 'domunet mac=zz', 1, '', "Invalid parameter `mac'.\n"],
    ['network-detach', networkDetach, 'nosuch 1', 1, '', NOSUCH],
    ['network-detach', networkDetach, 'domunet 77', 1, '', 'Unknown device 77.\n'],
    ['block-attach', blockAttach, 'nosuch x,raw,xvda,w', 1, '', 'nosuch is an invalid domain identifier\n'],
    ['block-detach', blockDetach, 'nosuch xvda', 1, '', NOSUCH],
    ['block-detach', blockDetach, 'domunet xvdz', 1, '', 'Error: Device xvdz not connected.\n'],
    ['rename', rename, 'nosuch x', 1, '', NOSUCH],
    ['rename', rename, 'domunet newname', 0, '', ''],
    ['sysrq', sysrq, 'nosuch h', 1, '', NOSUCH],
    ['sysrq', sysrq, 'domunet h', 0, '', ''],
    ['console', consoleCommand, 'nosuch', 1, '', NOSUCH],
    ['console', consoleCommand, '0', 22, '', "Can't specify Domain-0\n"],
    ['console', consoleCommand, '-t foo domunet', 1, '', 'console type supported are: pv, serial, vuart\n'],
    ['shutdown', shutdown, '', 1, '', 'You must specify -a or a domain id.\n\n'],
    ['shutdown', shutdown, 'nosuch', 1, '', NOSUCH],
    ['reboot', reboot, '', 1, '', 'You must specify -a or a domain id.\n\n'],
    ['reboot', reboot, 'nosuch', 1, '', NOSUCH],
    ['destroy', destroy, 'nosuch', 1, '', NOSUCH],
    [
      'destroy',
      destroy,
      '0',
      1,
      '',
      'Not destroying domain 0; use -f to force.\nThis can only be done when using a disaggregated hardware domain and toolstack.\n\n',
    ],
    ['any', sysrq, '-Q', 2, '', "option `Q' not supported.\n"],
    [
      'rename',
      rename,
      'one',
      2,
      'Usage: xl [-vtTf] rename <Domain> <NewDomainName>\n\nRename a domain.\n\n',
      "'xl rename' requires at least 2 arguments.\n\n",
    ],
    [
      'network-list',
      networkList,
      '',
      2,
      'Usage: xl [-vtT] network-list <Domain(s)>\n\nList virtual network interfaces for a domain.\n\n',
      "'xl network-list' requires at least 1 argument.\n\n",
    ],
  ])('%s %s', async (_, command, line, code, out, err) => expect(await xl(command, line)).toEqual([code, out, err]));

  test.each<[SubCommand, string]>([
    [consoleCommand, '-t <type>       console type, pv , serial or vuart\n'],
    [shutdown, '-F                      Fallback to ACPI power event for HVM guests with\n'],
    [reboot, '-w, --wait              Wait for guest(s) to reboot.\n'],
    [destroy, '<Domain>\n\n\nTerminate a domain immediately.\n'],
    [blockDetach, '-f, --force        do not wait for the domain to release the device\n'],
  ])('help %#', async (command, part) => {
    const [code, out, err] = await xl(command, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(part);
    expect(await xl(command, 'domunet -h')).toEqual([0, out, '']);
  });

  test.each<[SubCommand, string, string]>([
    [shutdown, '99', 'Shutting down domain 99\nthere is no domain 99\nshutdown failed (rc=-3)\n'],
    [reboot, '99', 'Rebooting domain 99\nthere is no domain 99\nreboot failed (rc=-3)\n'],
    [rename, '99 foo', "there is no domain 99\nCan't rename domain '99'.\n"],
    [rename, 'domunet Domain-0', "domain 0 has the name Domain-0 already\nCan't rename domain 'domunet'.\n"],
    [consoleCommand, '99', 'there is no domain 99\nUnable to attach console\n'],
    [networkAttach, '99', 'there is no domain 99\nlibxl_device_nic_add failed.\n'],
    [
      blockAttach,
      'domunet /nosuch,raw,xvdd,w',
      'vbd 51760 of domain 1: disk xvdd: target /nosuch: No such file or directory\nlibxl_device_disk_add failed.\n',
    ],
  ])('its last line, after the reason %#', async (command, line, err) =>
    expect(await xl(command, line)).toEqual([1, '', err]),
  );
});

test('lists: columns as the C tool sets them, and JSON', async () => {
  playBackends(daemon);
  const script = writeScript(folder, 'hotplug', 'exit 0');
  expect(await xl(networkAttach, `domunet script=${script} mac=00:16:3e:00:00:02`)).toEqual([0, '', '']);
  expect(await xl(networkAttach, `domunet script=${script},mac=00:16:3e:53:f9:b3`)).toEqual([0, '', '']);
  const frontend = '/local/domain/1/device/vif';
  daemon.write(`${frontend}/0/state`, '1');
  for (const [name, value] of [
    ['state', '4'],
    ['tx-ring-ref', '1036'],
    ['rx-ring-ref', '1037'],
  ] as const) {
    daemon.write(`${frontend}/1/${name}`, value);
  }
  expect(await xl(networkList, 'domunet')).toEqual([
    0,
    VIF_HEADER +
      '0   0  00:16:3e:00:00:02     0     1     -1    -1/-1          /local/domain/0/backend/vif/1/0\n' +
      '1   0  00:16:3e:53:f9:b3     1     4     -1  1036/1037        /local/domain/0/backend/vif/1/1\n',
    '',
  ]);
  const [, json] = await xl(networkList, '--json domunet');
  expect(JSON.parse(json)).toMatchObject([
    { domid: 1, devid: 0 },
    { devid: 1, txRing: 1036 },
  ]);

  const image = join(folder, 'd.img');
  writeFileSync(image, '');
  const kernel = new FakeKernel({ [image]: '' });
  const attach = `domunet format=raw vdev=xvda access=rw script=${script} target=${image}`;
  expect(await xl(blockAttach, attach, kernel)).toEqual([0, '', '']);
  for (const [name, value] of [
    ['state', '4'],
    ['event-channel', '3'],
    ['ring-ref', '8'],
  ] as const) {
    daemon.write(`/local/domain/1/device/vbd/51712/${name}`, value);
  }
  expect(await xl(blockList, 'domunet')).toEqual([
    0,
    `${VBD_HEADER}51712 0   1      4     3      8        /local/domain/0/backend/vbd/1/51712\n`,
    '',
  ]);
  expect(await xl(blockDetach, '-f domunet xvda')).toEqual([0, '', '']);
  expect(await xl(networkDetach, 'domunet 00:16:3e:53:f9:b3')).toEqual([0, '', '']);
  expect(await xl(networkDetach, 'domunet 0')).toEqual([0, '', '']);
  expect(daemon.list().filter((line) => /vif|vbd/.test(line))).toEqual([]);
});

test('shutdown and reboot: of one, and of all but domain 0', async () => {
  daemon.write('/libxl/2/type', 'pvh');
  daemon.onChange = (path, value) => path.endsWith('/control/shutdown') && value && daemon.write(path, '');
  expect(await xl(shutdown, 'domunet')).toEqual([0, '', 'Shutting down domain 1\n']);
  expect(await xl(reboot, '-a')).toEqual([0, '', 'Rebooting domain 1\nRebooting domain 2\n']);
  expect(daemon.log.filter((entry) => entry.startsWith('WRITE'))).toEqual([
    'WRITE /local/domain/1/control/shutdown poweroff',
    'WRITE /local/domain/1/control/shutdown reboot',
    'WRITE /local/domain/2/control/shutdown reboot',
  ]);
});

test('a magic key is one letter', async () => {
  const [code, out, err] = await xl(sysrq, 'domunet hh');
  expect([code, err]).toEqual([1, 'Invalid sysrq.\n\n']);
  expect(out).toMatch(/^Usage: xl \[-vtTf\] sysrq/);
});

test('without a xenstored: one line and a hint', async () => {
  const env = { XENSTORED_PATH: join(folder, 'none') };
  const { code, err } = await run(asCommand(networkList), ['1'], { kernel: new FakeKernel(), env });
  expect(code).toBe(1);
  expect(err).toMatch(/^connecting to xenstore at .*: No such file or directory\nhint: does xenstored run/);
});
