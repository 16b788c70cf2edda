import { xenstoreContract } from '../../contract/xenstore-contract';
import { childTransport } from '../../support/child-transport';
import { describeOnXen, DOM0_PROGRAM } from '../rig/board';
import { Xenstore } from '../../../src/xen/xenstore/xenstore';

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

describeOnXen('on the Xen board', () => {
  xenstoreContract('a real xenstored', async () => Xenstore.over(childTransport(DOM0_PROGRAM, [RELAY]), false));
});
