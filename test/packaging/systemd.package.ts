import { describeIf, Unpacked, whyNotBuilt } from './archives';
import { LiveSystemd, whyNoLiveSystemd } from './live-systemd';

const MINUTES = 60_000;
jest.setTimeout(5 * MINUTES);

const CELL = 'cellvisor-cell@gic-demo.service';
const ROOT = 'cellvisor-root.service';

describeIf(
  whyNotBuilt('x64') ?? whyNoLiveSystemd(),
  'services under a systemd that runs, with the emulated board',
  () => {
    let systemd: LiveSystemd;
    beforeAll(() => {
      const unpacked = new Unpacked('x64', '--with-node');
      systemd = new LiveSystemd(unpacked.home, {
        CELLVISOR_BACKEND: 'emulated',
        CELLVISOR_RUNTIME_DIR: '/run/cellvisor',
      });
      unpacked.remove();
    });
    afterAll(() => systemd?.remove());

    const cells = () => {
      const { out } = systemd.inside('/opt/cellvisor/bin/jailhouse cell list --json');
      return (JSON.parse(out) as { name: string; state: string }[]).map(({ name, state }) => `${name}: ${state}`);
    };
    const conf = (name: string, ...lines: string[]) =>
      systemd.write(`etc/cellvisor/cells.d/${name}.conf`, lines.map((line) => `${line}\n`).join(''));
    const gicDemo = ['CONFIG=/opt/cellvisor/cells/imx8mm-gic-demo.cell', 'LOAD=/opt/cellvisor/inmates/gic-demo.bin'];

    test('installed as docs/install.md says: the root cell, and then each cell of cells.d', async () => {
      await systemd.boot();
      const installed = systemd.inside(`set -e
      cp /opt/cellvisor/lib/systemd/system/*.service /etc/systemd/system
      mkdir -p /etc/systemd/system-generators /etc/cellvisor/cells.d
      cp /opt/cellvisor/lib/systemd/system-generators/* /etc/systemd/system-generators
      cp /opt/cellvisor/cells/imx8mm.cell /etc/cellvisor/root.cell
      systemctl daemon-reload
      systemctl enable --now cellvisor-root`);
      expect(installed.code).toBe(0);
      expect(cells()).toEqual(['imx8mm: running']);
      conf('gic-demo', ...gicDemo);
      expect(systemd.inside(`systemctl daemon-reload && systemctl start ${CELL}`)).toEqual({
        code: 0,
        out: '',
        err: '',
      });
      expect(cells()).toEqual(['imx8mm: running', 'gic-demo: running']);
      expect(systemd.inside(`systemctl stop ${CELL}`)).toEqual({ code: 0, out: '', err: '' });
      expect(cells()).toEqual(['imx8mm: running']);
    });

    test('a cell that cannot be made fails alone, and its journal says why', async () => {
      conf('missing', 'CONFIG=/nowhere.cell');
      const { code } = systemd.inside('systemctl daemon-reload; systemctl start cellvisor-cell@missing');
      expect(code).toBe(1);
      const { out } = systemd.inside('journalctl --quiet --output=cat --unit cellvisor-cell@missing');
      expect(out).toContain('opening /nowhere.cell: No such file or directory');
      expect(systemd.inside('systemctl is-failed cellvisor-cell@missing').out).toBe('failed\n');
      expect(cells()).toEqual(['imx8mm: running']);
    });

    test('a shutdown stops the cells before the hypervisor, and the next boot starts them behind it', async () => {
      systemd.inside(`systemctl start ${CELL}`);
      await systemd.powerOff();
      const entries = systemd.journal('cellvisor-');
      const stopping = entries.slice(entries.findLastIndex((line) => line.startsWith(`${ROOT}: Finished`)));
      const order = stopping.filter((line) => / Stopp(ing|ed) /.test(line));
      expect(order.slice(-4)).toEqual([
        expect.stringMatching(`^${CELL}: Stopping `),
        expect.stringMatching(`^${CELL}: Stopped `),
        expect.stringMatching(`^${ROOT}: Stopping `),
        expect.stringMatching(`^${ROOT}: Stopped `),
      ]);
      expect(stopping.filter((line) => !line.startsWith('cellvisor-cell@missing') && line.includes('Failed'))).toEqual(
        [],
      );

      await systemd.boot();
      expect(cells()).toEqual(['imx8mm: running', 'gic-demo: running']);
      expect(systemd.inside(`systemctl is-active ${ROOT} ${CELL} cellvisor-cell@missing`).out).toBe(
        'active\nactive\nfailed\n',
      );
    });
  },
);
