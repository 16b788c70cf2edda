import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentCommand, parseHost } from '../../../../src/kernel/remote/host';

test.each([
  ['root@board', 'root@board', undefined],
  ['board', 'board', undefined],
  ['10.0.0.7', '10.0.0.7', undefined],
  ['root@fe80::1%eth0', 'root@fe80::1%eth0', undefined],
  ['root@board:/opt/cellvisor/bin/cellvisor', 'root@board', '/opt/cellvisor/bin/cellvisor'],
  ['fe80::1:/opt/cellvisor', 'fe80::1', '/opt/cellvisor'],
  ['ssh://root@board:2222', 'ssh://root@board:2222', undefined],
  ['ssh://root@board:2222/opt/cellvisor', 'ssh://root@board:2222', '/opt/cellvisor'],
  ['ssh://[fe80::1]:2222', 'ssh://[fe80::1]:2222', undefined],
])('host %s', (name, destination, program) => expect(parseHost(name)).toEqual({ name, destination, program }));

test.each([
  '',
  '-oProxyCommand=x',
  '-l',
  'a b',
  'a\nb',
  '/opt/x',
  ':/opt/x',
  'ssh://',
  'board:',
  'board:relative/path',
])('no host: %j', (name) => expect(() => parseHost(name)).toThrow(expect.objectContaining({ code: 'E_HOST' })));

test('several hosts, where one is wanted', () =>
  expect(() => parseHost('a b')).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/one board at a time/) }),
  ));

describe('the command over there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-host-'));
  const program = join(folder, "my board's cellvisor");
  beforeAll(() => {
    for (const path of [join(folder, 'cellvisor'), program]) {
      writeFileSync(path, '#!/bin/sh\nprintf "%s|" "$0" "$@"\n', { mode: 0o755 });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const shell = (command: string) =>
    execFileSync('/bin/sh', ['-c', command], { env: { PATH: `${folder}:/usr/bin:/bin` }, encoding: 'utf8' });

  test('is found in PATH, and told what was chosen', () => {
    const command = agentCommand(parseHost('board'), { backend: 'emulated', board: 'imx8mq-evk' });
    expect(shell(command)).toBe(`${folder}/cellvisor|agent|--stdio|--backend|emulated|--board|imx8mq-evk|`);
    expect(shell(agentCommand(parseHost('board'), {}))).toBe(`${folder}/cellvisor|agent|--stdio|`);
  });

  test('or by its path, whatever is in it', () =>
    expect(shell(agentCommand({ name: 'x', destination: 'x', program }, {}))).toBe(`${program}|agent|--stdio|`));

  test('a value is never a command', () =>
    expect(shell(agentCommand(parseHost('board'), { board: '$(id); "`id`" \'x\'' }))).toBe(
      `${folder}/cellvisor|agent|--stdio|--board|$(id); "\`id\`" 'x'|`,
    ));
});
