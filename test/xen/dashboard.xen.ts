/** The dashboard's page of domains, in dom0, in a terminal: a guest is watched, typed to, paused, and shut down. */
import { hasTmux, TmuxTerminal } from '../support/tmux';
import { cXl, describeOnXen, dom0, DOM0_PROGRAM } from './rig/board';
import { HOME, NODE } from './rig/places';

const TOP = `${NODE} ${HOME}/dist/bin/cellvisor.js top`;

(hasTmux() ? describeOnXen : describe.skip)('the dashboard, in dom0', () => {
  let terminal: TmuxTerminal;
  beforeAll(async () => {
    terminal = new TmuxTerminal(100, 30);
    await terminal.start(`${DOM0_PROGRAM} -t '${TOP}'`, { XEN_BOARD_DIR: process.env['XEN_BOARD_DIR'] }, '/');
  });
  afterAll(async () => {
    await terminal.close();
    cXl('destroy domu');
  });

  test('domains have the state and the memory that the C tool says', async () => {
    await terminal.until(/^> +0 Domain-0 +\w+ +640 +2 /m);
    expect(cXl('create -q -p /root/domu/domu.cfg').code).toBe(0);
    await terminal.until(/^ +\d+ domu +paused +128 +1 /m);
    const [id, memory] = dom0("xl list domu | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2,3").out.trim().split(' ');
    expect(await terminal.screen()).toMatch(new RegExp(`^ +${id} domu +paused +${memory} +1 `, 'm'));
  });

  test('a guest runs when it is let, and its console can be read and typed to', async () => {
    await terminal.press('j');
    await terminal.until(/^> +\d+ domu +paused/m);
    await terminal.press('r');
    await terminal.until(/DOMU-UP: Linux [\d.]+.* on 1 cpu/);
    await terminal.press('Enter');
    await terminal.until(/Enter types/);
    await terminal.press('Enter');
    await terminal.until(/TYPING: Ctrl-\] leaves/);
    await terminal.type('echo $((6 * 7)) fish');
    await terminal.press('Enter');
    await terminal.until(/^ 42 fish/m);
    await terminal.press('C-]');
    await terminal.until((screen) => !screen.includes('TYPING'));
    await terminal.press('Tab');
  });

  test('it is paused and let run again', async () => {
    await terminal.press('z');
    await terminal.until(/^> +\d+ domu +paused/m);
    expect(cXl('list domu').out).toMatch(/ --p--- /);
    await terminal.press('r');
    await terminal.until(/^> +\d+ domu +(blocked|ready|running)/m);
  });

  test('it shuts down when it is asked to, and goes', async () => {
    await terminal.press('x');
    await terminal.until((screen) => !screen.includes(' domu '));
    expect(cXl('list domu').code).not.toBe(0);
    await terminal.until(/\(XEN\) /);
  });

  test('the terminal is as it was', async () => {
    await terminal.press('q');
    await terminal.until(/^exit 0$/m);
    expect(await terminal.fact('alternate_on')).toBe('0');
  });
});
