import { xenstoreContract } from '../../contract/xenstore-contract';
import { childTransport } from '../../support/child-transport';
import { Xenstore } from '../../../src/xen/xenstore/xenstore';

/** A program that runs a shell command in a Xen board's dom0, with stdin and stdout passed through. */
const dom0Run = process.env['CELLVISOR_DOM0_RUN'];

/** A board that is emulated takes its time. */
jest.setTimeout(120_000);

/** Joins stdin and stdout to xenstored's socket, with what dom0 has. */
const RELAY = `python3 -c '
import os, socket, threading
s = socket.socket(socket.AF_UNIX)
s.connect("/run/xenstored/socket")
def up():
  while True:
    b = os.read(0, 65536)
    if not b: break
    s.sendall(b)
  s.shutdown(socket.SHUT_RDWR)
threading.Thread(target=up, daemon=True).start()
while True:
  b = s.recv(65536)
  if not b: break
  os.write(1, b)
'`;

if (dom0Run === undefined) {
  const reason = 'CELLVISOR_DOM0_RUN names no program that runs commands in a dom0';
  process.stderr.write(`real xenstored skipped: ${reason}\n`);
  test.skip(`a real xenstored (skipped: ${reason})`, () => undefined);
} else {
  xenstoreContract('a real xenstored', async () => Xenstore.over(childTransport(dom0Run, [RELAY]), false));
}
