import { summaryLines, tableLines } from '../../../../../src/cli/xl/top/lines';
import { COLUMNS } from '../../../../../src/cli/xl/top/columns';
import { NOTHING_MORE, topSample } from './samples';
import type { Shown } from '../../../../../src/cli/xl/top/lines';

const texts = (shown: Partial<Shown> = {}, firstColumn?: number) =>
  tableLines(topSample(), { ...NOTHING_MORE, ...shown }, firstColumn).map(({ text }) => text);
const names = (shown: Partial<Shown>) =>
  texts(shown)
    .slice(1)
    .map((text) => text.trim().split(' ')[0]);

test('the columns of xentop', () => {
  expect(texts()).toEqual([
    '      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID',
    '  Domain-0 -----r         12    3.1     655360   50.0   no limit       n/a     2    0        0        0    0        0        0        0          0          0    0',
    'a-domain-w --b---     123456  150.0     131072   10.0     131072      10.0     1    1        2     4000    2        2       40      600       8000     100000    0',
    '       (4) ---cp-          0    0.0     131072   10.0     131072      10.0     1    0        0        0    0        0        0        0          0          0    0',
  ]);
});

test('what is shown more: whole names, the header before each, devices, vCPUs', () => {
  expect(texts({ fullNames: true })[2]).toMatch(/^a-domain-with-a-long-name --b--- /);
  expect(texts({ repeatsHeader: true }).filter((text) => text.includes('NAME'))).toHaveLength(3);
  expect(texts({ vcpus: true, networks: true, disks: true }).filter((text) => /^(  |VCPU|Net|VBD)/.test(text))).toEqual(
    [
      expect.stringContaining('NAME'),
      expect.stringContaining('Domain-0'),
      'VCPUs(sec):   0:          8s  1:          4s',
      'Net0 RX:  4096000bytes       40pkts        3err        4drop  TX:     2048bytes       20pkts        1err        2drop',
      'VBD BlkBack 51712 [ca: 0]  OO:        1   RD:       20   WR:      300   RSECT:       4000   WSECT:      50000',
      'VBD BlkBack 51728 [ca:10]  OO:        1   RD:       20   WR:      300   RSECT:       4000   WSECT:      50000',
      expect.stringContaining('(4)'),
    ],
  );
});

test('columns that are scrolled out; the name stays', () => {
  expect(texts({}, 17).map((text) => text.trim())).toEqual([
    'NAME  VBD_WSECT SSID',
    'Domain-0          0    0',
    'a-domain-w     100000    0',
    '(4)          0    0',
  ]);
});

test('sorted by each column: numbers fall, words rise, domain 0 first where that is wanted', () => {
  const by = (head: string) => COLUMNS.findIndex((column) => column.head === head);
  expect(names({ sort: by('NAME') })).toEqual(['(4)', 'Domain-0', 'a-domain-w']);
  expect(names({ sort: by('CPU(%)') })).toEqual(['a-domain-w', 'Domain-0', '(4)']);
  expect(names({ sort: by('CPU(%)'), domain0First: true })).toEqual(['Domain-0', 'a-domain-w', '(4)']);
  // Equal ones by id.
  expect(names({ sort: by('SSID') })).toEqual(['Domain-0', 'a-domain-w', '(4)']);
});

test('the lines above the table', () => {
  expect(summaryLines(topSample())).toEqual([
    'xl top - 12:34:56   Xen 4.17.3',
    '3 domains: 1 running, 1 blocked, 1 paused, 1 crashed, 0 dying, 0 shut down',
    'Mem: 1310720k total, 917504k used, 393216k free    CPUs: 2 @ 63MHz',
  ]);
});
