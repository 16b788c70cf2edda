import { mask } from './masks';

test('masks what differs, and nothing else', () => {
  const transcript = `[ 1588.415166] CPU3: shutdown
kernel   | [    0.000001] psci: CPU3 killed.
Timer fired, jitter:   1124 ns, min:    999 ns, max:   3624 ns
vmexits_virt_irq                      10
vmexits_mmio                          12
Page pool usage after cell creation: mem 70/994, remap 144/131072
[UIO] ping #0
imx8mm-evk: on, process 4711, Jailhouse nxp-v0.10
   uart1   /dev/pts/12
`;
  expect(mask(transcript)).toBe(`[TIME] CPU3: shutdown
kernel   | [TIME] psci: CPU3 killed.
Timer fired, jitter: N ns, min: N ns, max: N ns
vmexits_mmio N
vmexits_virt_irq N
Page pool usage after cell creation: mem 70/994, remap 144/131072
[UIO] ping #0
imx8mm-evk: on, process N, Jailhouse nxp-v0.10
   uart1   /dev/pts/N
`);
});
