import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const folder = join(root, 'packaging/yocto');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const name = `cellvisor_${version}.bb`;

test('the recipe is for this version', () => {
  expect(readdirSync(folder).filter((file) => file.endsWith('.bb'))).toEqual([name]);
});

describe('the recipe', () => {
  const recipe = readFileSync(join(folder, name), 'utf8');

  test('knows the license by its checksum', () => {
    const sum = createHash('md5')
      .update(readFileSync(join(root, 'LICENSE')))
      .digest('hex');
    expect(recipe).toContain(`LIC_FILES_CHKSUM = "file://LICENSE;md5=${sum}"`);
  });

  test('installs files that exist', () => {
    const paths = [...recipe.matchAll(/\$\{S\}\/([A-Za-z0-9@._/-]+[A-Za-z0-9])/g)].map(([, path]) => path as string);
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('needs no network: every package of the lock file has a checksum', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string; link?: boolean }>;
    };
    const open = Object.entries(packages).filter(([path, one]) => path !== '' && !one.link && !one.integrity);
    expect(open.map(([path]) => path)).toEqual([]);
  });
});
