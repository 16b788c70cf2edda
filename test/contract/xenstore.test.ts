import { openXenstore } from '../../src/xen/xenstore/open';
import { FakeKernel } from '../support/fake-kernel';
import { FakeXenstored } from '../support/fake-xenstored';
import { xenstoreContract } from './xenstore-contract';

let daemon: FakeXenstored;
beforeAll(async () => {
  daemon = await FakeXenstored.start();
});
afterAll(() => daemon.stop());

xenstoreContract('in this process', () => openXenstore(new FakeKernel(), { XENSTORED_PATH: daemon.socketPath }));
