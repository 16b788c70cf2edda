import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as gicDemo from '../../cells/imx8mm-gic-demo';
import * as root from '../../cells/imx8mm';
import { encodeConfig } from '../../src/abi/jailhouse';
import { BoardProcesses, untilGone } from '../support/board-processes';
import { FakeSsh } from '../support/fake-ssh';
import { expectFrame, maskFrame } from '../support/frames';
import { hasTmux, TmuxTerminal } from '../support/tmux';
import type { CellModule } from '../../src/config/builder';

jest.setTimeout(120_000);

const repository = join(__dirname, '../..');
const program = join(repository, 'dist/bin/cellvisor.js');
/** Throws a bug in the program, from a signal. */
const BUG = "process.on('SIGUSR2', () => { throw new Error('a bug'); });";

const withTmux = hasTmux() ? describe : describe.skip;

withTmux('on a terminal', () => {
  let boards: BoardProcesses;
  const terminals: TmuxTerminal[] = [];

  beforeEach(() => {
    boards = new BoardProcesses();
    const file = (name: string, { config, dialect }: CellModule) =>
      writeFileSync(join(boards.folder, name), encodeConfig(config, dialect));
    file('root.cell', root);
    file('gic-demo.cell', gicDemo);
    copyFileSync(join(repository, 'inmates/prebuilt/gic-demo.bin'), join(boards.folder, 'gic-demo.bin'));
    writeFileSync(join(boards.folder, 'bug.js'), BUG);
  });
  afterEach(async () => {
    await Promise.all(terminals.splice(0).map((terminal) => terminal.close()));
    await boards.run('cellvisor', 'board', 'stop');
    await boards.remove();
  });

  async function open(
    args: string,
    env: Record<string, string> = {},
    [columns, rows] = [80, 24],
  ): Promise<TmuxTerminal> {
    const terminal = new TmuxTerminal(columns ?? 80, rows ?? 24);
    terminals.push(terminal);
    const { CELLVISOR_RUNTIME_DIR, CELLVISOR_BACKEND } = boards.env;
    const all = { LANG: 'C.UTF-8', CELLVISOR_RUNTIME_DIR, CELLVISOR_BACKEND, ...env };
    await terminal.start(`${process.execPath} -r ./bug.js ${program} ${args}`, all, boards.folder);
    return terminal;
  }

  async function command(terminal: TmuxTerminal, line: string): Promise<void> {
    await terminal.type(`:${line}`);
    await terminal.press('Enter');
  }

  /** Jailhouse enabled, and gic-demo running. */
  async function runCells(): Promise<void> {
    for (const args of [
      ['enable', 'root.cell'],
      ['cell', 'create', 'gic-demo.cell'],
      ['cell', 'load', 'gic-demo', 'gic-demo.bin'],
      ['cell', 'start', 'gic-demo'],
    ]) {
      const paths = args.map((arg) => (/\.(?:cell|bin)$/.test(arg) ? join(boards.folder, arg) : arg));
      expect(await boards.run('jailhouse', ...paths)).toMatchObject({ code: 0 });
    }
  }

  test('a person brings a cell to life, looks at it, and takes it away again', async () => {
    const terminal = await open('');
    await terminal.until(/Jailhouse is not enabled: E enables it/);
    await command(terminal, 'enable root.cell');
    await terminal.until(/Enable Jailhouse with imx8mm\? \(on the emulated board imx8mm-evk\)/);
    await terminal.press('y');
    await terminal.until(/> +0 imx8mm +running +0-3/);

    await terminal.press('n');
    await terminal.until(
      (screen) => screen.includes('Create a cell from which config?') && screen.includes('gic-demo.cell'),
    );
    await terminal.press('G', 'k', 'Enter');
    const question = await terminal.until(/Create cell gic-demo\?/);
    expect(question).toContain('0 errors');
    await terminal.press('y');
    await terminal.until(/1 gic-demo +shut down +3 /);

    await terminal.press('j', 'o');
    await terminal.until(/Load which image into gic-demo\?[^]*gic-demo\.bin/);
    // Escape and what follows at once would be one key.
    await terminal.press('Escape');
    await terminal.until((screen) => !screen.includes('Load which image'));
    await command(terminal, 'load gic-demo gic-demo.bin');
    await terminal.until(/done: loading gic-demo\.bin into gic-demo/);
    await terminal.press('r');
    await terminal.until(/> +1 gic-demo +running +3 +- +[1-9]/);
    await command(terminal, 'log uart2');
    const running = await terminal.until(
      (screen) => screen.split('Timer fired').length > 5 && screen.includes('8 of 22'),
    );
    expectFrame(maskFrame(running), 'tmux-80x24');

    await terminal.press('C-d');
    await terminal.until(/Destroy gic-demo\?/);
    await terminal.press('y');
    await terminal.until((screen) => !/1 gic-demo/.test(screen) && /> +0 imx8mm +running +0-3/.test(screen));
    await command(terminal, 'log events');
    const events = await terminal.until(/cell 1 gic-demo is gone/);
    expect(events).toMatch(/done: destroying gic-demo/);
    await terminal.press('q');
    expect(await terminal.until(/tty:/)).toMatch(/exit 0\ntty: icanon echo/);
  });

  test('200 x 50: everything at once; then smaller, with help, in pieces', async () => {
    await runCells();
    const terminal = await open('top --read-only', {}, [200, 50]);
    await terminal.until(/1 gic-demo +running +3 +- +\d+\.\d/);
    await terminal.press('j');
    await command(terminal, 'log uart2');
    const large = await terminal.until((screen) => screen.split('Timer fired').length > 20);
    expect(large).toContain('Timer fired');
    expect(large).toMatch(/MMIO +MGMT +HCALL +MAINT +VIRQ +VSGI +PSCI +SMCCC/);
    await terminal.press('l');
    const wide = await terminal.until((screen) => screen.includes('DEVICES') && !screen.includes('Timer fired'));
    expectFrame(maskFrame(wide), 'tmux-200x50');
    await terminal.resize(80, 24);
    await terminal.until((screen) => screen.split('\n').length <= 25 && /─ Detail ─ 1 gic-demo/.test(screen));
    await terminal.press('?');
    const help = await terminal.until(/Keys and commands/);
    expect(help).not.toMatch(/destroy/);
    // Escape and what follows at once would be one key.
    await terminal.press('Escape');
    await terminal.until((screen) => !screen.includes('Keys and commands'));
    await terminal.press('C-d', 'x', 'q');
    expect(await terminal.until(/tty:/)).toContain('exit 0');
    expect((await boards.run('jailhouse', 'cell', 'list')).out).toContain('gic-demo');
  });

  test('what others do to the board is seen, and it is not powered on for being watched', async () => {
    await runCells();
    const terminal = await open('top');
    await terminal.until(/1 gic-demo +running/);
    await boards.run('jailhouse', 'cell', 'shutdown', 'gic-demo');
    await terminal.until(/1 gic-demo +shut down/);
    await boards.run('jailhouse', 'cell', 'destroy', 'gic-demo');
    await terminal.until((screen) => !screen.includes('1 gic-demo'));
    await boards.run('cellvisor', 'board', 'reset');
    await terminal.until(/Jailhouse v0\.10 disabled/);
    await boards.run('cellvisor', 'board', 'stop');
    await terminal.until(/STALE for [1-9]\d* s[^]*is off: cellvisor board start/);
    expect((await boards.run('cellvisor', 'board', 'list')).out).toBe('');
    await boards.run('cellvisor', 'board', 'start');
    await terminal.until(/disabled +up [^]*every 1 s/);
    await boards.kill('imx8mm-evk', 'SIGKILL');
    await terminal.until(/STALE/);
    await runCells();
    await terminal.until(/1 gic-demo +running/);
    await terminal.press('q');
    await terminal.until(/exit 0/);
  });

  test('an error appears with its hint, and the screen stays', async () => {
    await runCells();
    const terminal = await open('top');
    await terminal.until(/1 gic-demo +running/);
    await command(terminal, 'create gic-demo.cell');
    const findings = await terminal.until(/Create cell gic-demo, with \d+ errors?\?/);
    expect(findings).toMatch(/error [A-Z-]+:/);
    await terminal.press('y');
    const screen = await terminal.until(/hint: /);
    expect(screen).toMatch(/JAILHOUSE_CELL_CREATE: [A-Z]/);
    expect(screen).toContain('1 gic-demo');
  });

  describe('the terminal is given back', () => {
    const given = { alternate_on: '0', mouse_any_flag: '0', cursor_flag: '1' };

    async function endsAs(terminal: TmuxTerminal, code: RegExp): Promise<string> {
      const screen = await terminal.until(/tty:.*/);
      expect(screen).toMatch(code);
      expect(screen).toContain('tty: icanon echo');
      const facts = await Promise.all(Object.keys(given).map(async (name) => [name, await terminal.fact(name)]));
      expect(Object.fromEntries(facts)).toEqual(given);
      return screen;
    }

    test('after Ctrl-C', async () => {
      const terminal = await open('top');
      await terminal.until(/disabled/);
      expect(await terminal.fact('alternate_on')).toBe('1');
      expect(await terminal.fact('mouse_any_flag')).toBe('1');
      await terminal.press('C-c');
      await endsAs(terminal, /exit 0/);
    });

    test.each([
      ['SIGTERM', 143],
      ['SIGHUP', 129],
      ['SIGINT', 130],
    ] as const)('after %s', async (signal, code) => {
      const terminal = await open('top');
      await terminal.until(/disabled/);
      process.kill(await terminal.processId('node'), signal);
      await endsAs(terminal, new RegExp(`exit ${code}`));
    });

    test('after a bug, which is told', async () => {
      const terminal = await open('top');
      await terminal.until(/disabled/);
      process.kill(await terminal.processId('node'), 'SIGUSR2');
      expect(await endsAs(terminal, /exit 1/)).toContain('Error: a bug');
    });
  });

  test('without UTF-8 and without colours', async () => {
    await runCells();
    const terminal = await open('top', { LANG: 'C', NO_COLOR: '1' });
    const screen = await terminal.until(/1 gic-demo +running/);
    expect(screen).toMatch(/^[ -~\n]*$/);

    expect(await terminal.colours()).not.toMatch(/\x1b\[(?:\d+;)*[34][0-7]m/);
  });

  test('several boards', async () => {
    await boards.run('cellvisor', 'board', 'start', 'second', '--type', 'imx8qxp-mek');
    const terminal = await open('top --board imx8mm-evk --board second --board third');
    await terminal.until(/imx8mm-evk .*live[^]*second .*live[^]*third +\? .*the emulated board/);
    await terminal.press('BTab', 'j');
    await terminal.until(/EMULATED {2}second/);
    await terminal.press('q');
    await terminal.until(/exit 0/);
    await boards.run('cellvisor', 'board', 'stop', 'second');
  });

  test('boards over SSH: one whose link is lost is marked as stale, and comes back', async () => {
    const ssh = new FakeSsh(boards.folder, { 'root@board1': 'imx8mm-evk', 'root@board2': 'imx8mq-evk' });
    const env = { PATH: ssh.path, CELLVISOR_BACKEND: '' };
    const terminal = await open('--host root@board1 --host root@board2', env);
    await terminal.until(/EMULATED {2}root@board1[^]*root@board1 .*live[^]*root@board2 .*live/);
    await command(terminal, 'enable root.cell');
    await terminal.until(/Enable Jailhouse with imx8mm\? \(on the emulated board root@board1\)/);
    await terminal.press('y');
    await terminal.until(/> +0 imx8mm +running +0-3/);
    await terminal.until(/Log .* uart2/);
    await command(terminal, 'log uart2');
    await terminal.until(/Log [^]*\[uart2\][^]*Activating hypervisor/);

    ssh.cut('root@board1');
    const stale = await terminal.until(/ STALE for [1-9]\d* s[^]* refused, attempt [2-9]/);
    expect(stale).toMatch(/^ root@board1: connection refused, attempt \d+.*: no SSH server/m);
    expect(stale).toMatch(/> root@board1 .* STALE \d+ s +connect[^]*root@board2 .* live/);
    expect(stale).toMatch(/> +0 imx8mm +running +0-3/);
    await command(terminal, 'disable');
    await terminal.until(/Disable Jailhouse/);
    await terminal.press('y');
    await terminal.until(/root@board1: root@board1: connection refused/);

    ssh.mend('root@board1');
    await terminal.until(/every 1 s[^]*root@board1 .* live/);
    await terminal.press('q');
    await terminal.until(/exit 0/);
    expect((await boards.run('jailhouse', 'cell', 'list')).out).toContain('imx8mm');
    await boards.run('cellvisor', 'board', 'stop', 'imx8mq-evk');
  });

  test('a link that hangs: what is shown is marked as old, and the link is made anew', async () => {
    const ssh = new FakeSsh(boards.folder, { 'root@board1': 'imx8mm-evk' });
    await runCells();
    const terminal = await open('--host root@board1', { PATH: ssh.path, CELLVISOR_BACKEND: '' });
    await terminal.until(/EMULATED {2}root@board1 .* every 1 s[^]*1 gic-demo +running/);
    const agent = ssh.hang('root@board1');
    try {
      const silent = await terminal.until(/ STALE for [1-9]\d* s[^]*the board does not answer/);
      expect(silent).toMatch(/Cells ─ 2, as of [^]*1 gic-demo +running/);
      // The pings find out, and another ssh is started.
      await terminal.until(/ every 1 s[^]*Cells ─ 2 ─[^]*1 gic-demo +running/);
    } finally {
      process.kill(agent, 'SIGKILL');
    }
    await command(terminal, 'log events');
    await terminal.until(/the board does not answer[^]*the board answers again/);
    await terminal.press('q');
    await terminal.until(/exit 0/);
  });

  test('a board on another host that reboots: what was enabled is not, and the events say so', async () => {
    const ssh = new FakeSsh(boards.folder, { 'root@board1': 'imx8mm-evk' });
    await runCells();
    const terminal = await open('--host root@board1', { PATH: ssh.path, CELLVISOR_BACKEND: '' });
    await terminal.until(/1 gic-demo +running/);
    ssh.cut('root@board1');
    await terminal.until(/ STALE /);
    await boards.run('cellvisor', 'board', 'reset');
    ssh.mend('root@board1');
    await terminal.until(/Jailhouse v0\.10 disabled .* every 1 s/);
    await command(terminal, 'log events');
    await terminal.until(/cell 1 gic-demo is gone[^]*Jailhouse was disabled/);
    await terminal.press('q');
    await terminal.until(/exit 0/);
  });

  test('an ssh that waits for a host that does not answer ends with the dashboard', async () => {
    const ssh = new FakeSsh(boards.folder, { 'root@board1': 'imx8mm-evk' });
    ssh.silence('root@board1');
    const terminal = await open('--host root@board1', { PATH: ssh.path, CELLVISOR_BACKEND: '' });
    await terminal.until(() => ssh.processOf('root@board1') !== undefined);
    await terminal.press('q');
    await terminal.until(/exit 0/);
    await untilGone(ssh.processOf('root@board1') as number);
  });

  test('a cell that somebody else destroys while one is asked about it', async () => {
    await runCells();
    const terminal = await open('top');
    await terminal.until(/1 gic-demo +running/);
    await terminal.press('j', 'C-d');
    await terminal.until(/Destroy gic-demo\?/);
    await boards.run('jailhouse', 'cell', 'destroy', 'gic-demo');
    await terminal.until(/Cells ─ 1 /);
    await terminal.press('y');
    expect(await terminal.until(/JAILHOUSE_CELL_DESTROY: /)).toMatch(/No such file or directory[^]*hint: /);
    await terminal.press('q');
    await terminal.until(/exit 0/);
  });

  test('hosts of a file that nobody can reach: each says why', async () => {
    const ssh = new FakeSsh(boards.folder, { a: 'imx8mm-evk', b: 'imx8mm-evk' });
    ssh.cut('a');
    ssh.cut('b');
    const hosts = join(boards.folder, 'hosts');
    writeFileSync(hosts, 'a\nb # the spare one\n');
    const terminal = await open(`--hosts ${hosts} top`, { PATH: ssh.path, CELLVISOR_BACKEND: '' }, [120, 24]);
    const screen = await terminal.until(/> a .*connection refused, attempt[^]*b .*connection refused, attempt/);
    expect(screen).toMatch(/^ host a +Jailhouse \?.*no answer yet\n a: connection refused, attempt .*: no SSH server/);
    await terminal.press('q');
    await terminal.until(/exit 0/);
  });
});

test('without a terminal it says so', async () => {
  const boards = new BoardProcesses();
  expect(await boards.run('cellvisor', 'top')).toEqual({
    code: 1,
    out: '',
    err:
      'the dashboard needs a terminal: stdin and stdout are not both a terminal\n' +
      "hint: 'cellvisor stats' prints the same figures, 'cellvisor stats --json' for a program\n",
  });
  expect((await boards.run('cellvisor', 'top', '--nonsense')).code).toBe(2);
  await boards.remove();
});
