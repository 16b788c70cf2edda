/** What the C tool of Xen 4.17 answered to `xl create -n` on the test board, beside what we make of the same files. */
import { readDomainConfig, toLibxlJson, XlConfigError } from '../../../../src/xen/config';
import transcripts from './xl-4.17.json';

interface Transcript {
  readonly name: string;
  readonly text: string;
  readonly exit: number;
  readonly stderr: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Cases in which we mean to differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'cpus-num': 'the C tool forgets cpus when vcpus is absent',
  'cpus-all': 'the C tool forgets cpus when vcpus is absent',
  'cpus-node': 'the C tool forgets cpus when vcpus is absent',
  'cpus-nodes': 'the C tool forgets cpus when vcpus is absent',
  'cpus-nodex': 'the C tool forgets cpus when vcpus is absent',
  'cpus-big': 'the C tool forgets cpus when vcpus is absent',
  'cpus-soft': 'the C tool forgets cpus_soft when vcpus is absent',
  iomem: "NXP's files have blanks within entries",
  irqs: 'a number may be hexadecimal everywhere',
  endcomma: 'INTID 1 is not an interrupt that can be passed through',
  'tee-one': "NXP's Xen 4.11 has tee = 1",
  'vcpus-many': 'Xen has at most 128 vCPUs',
  bootloader: 'no bootloader is run here',
  octal: 'the C tool refuses \\xHH, which its manual has',
  vfb: 'frame buffers are not made here',
  p9: 'the device is not made here',
  channel: 'the device is not made here',
  pci: 'the device is not made here',
  numa: 'virtual NUMA is x86',
  acpi: 'ignored here',
  nomigrate: 'the clock of HVM guests is ignored here',
  hap: 'ignored here: Arm has nothing else',
  claim: 'shadow memory is computed here',
  arch: 'x86 only',
  vrtc: "the C tool does not know NXP's keys",
  vi2c: "the C tool does not know NXP's keys",
  'type-hvm': 'Arm has no HVM guests',
  'builder-hvm': 'Arm has no HVM guests',
};

const TOPOLOGY = { cpuCount: 2 };
const cases = transcripts as readonly Transcript[];

/** Warnings that the C tool has not: about keys that are unknown, or that have no effect here. */
const OURS = /: warning: (?:unknown parameter|parameter `\w+' is ignored: )/;

function ours({ text }: Transcript) {
  const warnings: string[] = [];
  try {
    const config = readDomainConfig(text, 'FILE', (line) => warnings.push(line));
    return { stderr: warnings.filter((line) => !OURS.test(line)), config };
  } catch (error) {
    if (!(error instanceof XlConfigError)) throw error;
    return { stderr: [...warnings, ...error.message.split('\n')], error };
  }
}

test('there are transcripts, and every exception names one', () => {
  expect(cases.length).toBeGreaterThan(150);
  const names = new Set(cases.map(({ name }) => name));
  expect(Object.keys(DIFFERENT).filter((name) => !names.has(name))).toEqual([]);
});

describe.each(cases.filter(({ name }) => !(name in DIFFERENT)))('$name', (transcript) => {
  const result = ours(transcript);

  test('the same messages', () => {
    const tail = transcript.exit !== 0 && transcript.stderr.at(-1) === 'Failed to parse config: Invalid argument';
    expect(result.stderr).toEqual(tail ? transcript.stderr.slice(0, -1) : transcript.stderr);
  });

  test('refused or accepted alike', () => {
    const code = result.error?.code;
    expect(code === undefined ? 0 : code === 'E_XLCFG_CHOICE' ? 3 : 1).toBe(transcript.exit);
  });

  if (transcript.config) {
    test('the same configuration', () => {
      expect(result.config).toBeDefined();
      if (!result.config) return;
      const { c_info, ...rest } = toLibxlJson(result.config, TOPOLOGY);
      const { uuid, ...info } = c_info as Record<string, unknown>;
      const expected = transcript.config as { c_info: Record<string, unknown> };
      const actual = 'uuid' in expected.c_info ? { c_info: { ...info, uuid }, ...rest } : { c_info: info, ...rest };
      expect(actual).toEqual(expected);
      expect(Object.keys(rest['b_info'] as object)).toEqual(
        Object.keys((transcript.config as { b_info: object }).b_info),
      );
    });
  }
});

test.each(Object.keys(DIFFERENT))('%s still differs', (name) => {
  const transcript = cases.find((candidate) => candidate.name === name);
  if (!transcript) throw new Error(name);
  const result = ours(transcript);
  const { c_info, ...rest } = result.config ? toLibxlJson(result.config, TOPOLOGY) : { c_info: {} };
  const info = { ...(c_info as Record<string, unknown>) };
  delete info['uuid'];
  expect({ stderr: result.stderr, config: result.config && { c_info: info, ...rest } }).not.toEqual({
    stderr: transcript.stderr,
    config: transcript.config,
  });
});
