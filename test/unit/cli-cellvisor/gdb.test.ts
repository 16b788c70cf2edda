import { announce, parseGdbAddress } from '../../../src/cli/cellvisor/gdb/address';
import { main } from '../../../src/cli/cellvisor/main';
import { run } from '../../support/command';

test.each([{}, { CELLVISOR_BACKEND: 'hardware' }])(
  'at a real board (%j) it says that only the emulated one can do it',
  async (env) => {
    const { code, out, err } = await run(main, ['gdb', 'gic-demo'], { env });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^only cells of an emulated board can be debugged: /);
    expect(err).toMatch(/\nhint: .* cellvisor --backend emulated gdb gic-demo;/);
  },
);

test('without a host in the address, only this machine is answered', () => {
  expect(parseGdbAddress(':1234', '--listen', '')).toEqual({ host: '127.0.0.1', port: 1234 });
  expect(parseGdbAddress('[::1]:0', '--listen', '')).toEqual({ host: '::1', port: 0 });
  expect(parseGdbAddress('0.0.0.0:1234', '--listen', '')).toEqual({ host: '0.0.0.0', port: 1234 });
});

test('an address that others reach is warned of', () => {
  const said = (address: string) => {
    let text = '';
    announce({ err: (line) => void (text += line) }, 'gic-demo', address, 'waits');
    return text;
  };
  const line = "cell 'gic-demo' waits:\n   gdb-multiarch INMATE.elf -ex 'target remote 127.0.0.1:1234'\n";
  expect(said('127.0.0.1:1234')).toBe(line);
  expect(said('[::1]:1234')).not.toContain('whoever');
  expect(said('0.0.0.0:1234')).toContain('whoever does can read and change the cell');
});
