import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTextfile } from '../../../src/metrics/textfile';
import { snapshot } from '../../support/snapshots';

const observation = { snapshot: snapshot(), console: undefined, durationMs: 1 };
const folder = mkdtempSync(join(tmpdir(), 'cellvisor-textfile-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the file is there at once, as others may read it, and nothing beside it', async () => {
  const path = join(folder, 'cellvisor.prom');
  writeFileSync(path, 'old\n');
  const old = statSync(path).ino;
  await writeTextfile(path, observation);
  expect(readFileSync(path, 'utf8')).toContain('cellvisor_up 1\n');
  expect(statSync(path).ino).not.toBe(old);
  expect(statSync(path).mode & 0o444).toBe(0o444);
  expect(readdirSync(folder)).toEqual(['cellvisor.prom']);
});

test('a folder that does not exist', () =>
  expect(writeTextfile(join(folder, 'no', 'a.prom'), observation)).rejects.toMatchObject({
    message: `writing ${join(folder, 'no', 'a.prom')}: No such file or directory`,
  }));

test('a path that is a folder leaves no draft', async () => {
  await expect(writeTextfile(folder, observation)).rejects.toMatchObject({ name: 'KernelError' });
  expect(readdirSync(join(folder, '..')).filter((name) => name.startsWith(`${folder.split('/').at(-1)}.`))).toEqual([]);
});
