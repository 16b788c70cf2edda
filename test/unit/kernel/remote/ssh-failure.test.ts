import { parseHost } from '../../../../src/kernel/remote/host';
import { explainFailure } from '../../../../src/kernel/remote/ssh-failure';

/** Texts as OpenSSH 9.2 prints them. */
test.each([
  ['ssh: Could not resolve hostname nix: Name or service not known', 'ssh knows no host of that name'],
  ['root@board: Permission denied (publickey,password).', 'it does not let you in'],
  ['Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures', 'it does not let you in'],
  [
    'No ED25519 host key is known for board and you have requested strict checking.\r\nHost key verification failed.',
    'ssh does not know its key yet',
  ],
  [
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.',
    'its key is not the one that ssh remembers',
  ],
  ['ssh: connect to host board port 22: Connection refused', 'connection refused'],
  ['ssh: connect to host board port 22: Connection timed out', 'no answer'],
  ['ssh: connect to host board port 22: No route to host', 'there is no way to it from here'],
  ['client_loop: send disconnect: Broken pipe', 'the connection was closed'],
  ['Connection to board closed by remote host.', 'the connection was closed'],
])('%s', (stderr, reason) => {
  const error = explainFailure(parseHost('root@board'), { code: 255, signal: null, stderr });
  expect(error).toMatchObject({ code: 'E_LINK', message: `root@board: ${reason}`, hint: expect.stringMatching(/./) });
});

test.each([
  [255, 'something new of a later ssh\n', 'something new of a later ssh'],
  [255, '', 'the connection was lost'],
  [127, 'sh: 1: exec: cellvisor: not found', 'there is no cellvisor in its PATH'],
  [
    127,
    'cellvisor: there is no node in PATH: install Node.js',
    'its cellvisor does not start: cellvisor: there is no node in PATH: install Node.js',
  ],
  [
    127,
    '/usr/bin/env: ‘node’: No such file or directory',
    'its cellvisor does not start: /usr/bin/env: ‘node’: No such file or directory',
  ],
  [2, "there is no command 'agent'\n\nUsage: cellvisor COMMAND ...", 'its cellvisor is too old to be spoken to'],
  [1, 'cellvisor agent: not a message: "GET"', 'cellvisor agent: not a message: "GET"'],
  [3, '', 'the agent ended with exit code 3'],
  [0, '', 'the agent ended'],
])('exit code %i: %s', (code, stderr, reason) =>
  expect(explainFailure(parseHost('board'), { code, signal: null, stderr }).message).toBe(`board: ${reason}`),
);

test('a signal', () =>
  expect(explainFailure(parseHost('board'), { code: null, signal: 'SIGTERM', stderr: '' }).message).toBe(
    'board: ssh was ended by SIGTERM',
  ));
