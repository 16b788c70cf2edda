import { ChildProcess } from 'node:child_process';
import { parseHost } from '../../../../src/kernel/remote/host';
import { openSsh } from '../../../../src/kernel/remote/ssh';

test('where there is no ssh, none is killed: without a process that is a signal to somebody else', async () => {
  const { PATH } = process.env;
  process.env['PATH'] = '/nonexistent';
  const kill = jest.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  try {
    const stream = openSsh(parseHost('root@board'), {}, { mayAsk: false });
    stream.kill();
    await expect(stream.ended).resolves.toMatchObject({ code: 'E_LINK', message: 'root@board: there is no ssh here' });
    stream.kill();
    expect(kill).not.toHaveBeenCalled();
  } finally {
    process.env['PATH'] = PATH;
    kill.mockRestore();
  }
});
