import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/**
 * The layers, lowest first. A folder may import from itself and from what its line names, nothing else.
 * `docs/architecture.md` draws the same table.
 */
const layers = {
  'src/errors.ts': ['src/errno.ts'],
  'src/native': ['src/errors.ts', 'src/errno.ts'],
  'src/abi': ['src/errors.ts', 'src/errno.ts'],
  'src/fdt': ['src/errors.ts', 'src/errno.ts'],
  'src/wire': ['src/errors.ts', 'src/errno.ts'],
  'src/kernel': ['src/errors.ts', 'src/errno.ts', 'src/native', 'src/wire', 'src/paths.ts'],
  'src/boards': ['src/errors.ts', 'src/errno.ts'],
  'src/config': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/fdt', 'src/boards'],
  'src/uio': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/kernel'],
  'src/jailhouse': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/kernel', 'src/config'],
  'src/linux-cell': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/fdt', 'src/config', 'src/jailhouse'],
  'src/watch': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/kernel', 'src/jailhouse', 'src/uio'],
  'src/metrics': ['src/errors.ts', 'src/errno.ts', 'src/kernel', 'src/jailhouse', 'src/watch'],
  'src/live': ['src/errors.ts', 'src/errno.ts', 'src/fdt', 'src/kernel', 'src/config'],
  'src/crash': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/config'],
  'src/kept-configs': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/jailhouse', 'src/kernel', 'src/paths.ts'],
  'src/doctor': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/kernel', 'src/config', 'src/jailhouse'],
  'src/xen': ['src/errors.ts', 'src/errno.ts', 'src/random.ts', 'src/abi', 'src/fdt', 'src/kernel', 'src/wire'],
  'src/gdb': ['src/errors.ts', 'src/errno.ts', 'src/kernel', 'src/wire'],
  'src/board': ['src/errors.ts', 'src/errno.ts', 'src/abi', 'src/boards', 'src/wire', 'src/native', 'src/paths.ts'],
  'src/dashboard': [
    'src/errors.ts',
    'src/errno.ts',
    'src/abi',
    'src/kernel',
    'src/config',
    'src/jailhouse',
    'src/kept-configs',
    'src/watch',
    'src/xen',
  ],
  'src/xen/config': ['src/errors.ts', 'src/errno.ts', 'src/random.ts'],
  'src/xen/builder': [
    ...['src/errors.ts', 'src/errno.ts', 'src/random.ts', 'src/abi', 'src/fdt', 'src/kernel'],
    ...[
      'src/xen/userdata.ts',
      'src/xen/config',
      'src/xen/hypervisor',
      'src/xen/targets',
      'src/xen/xenstore',
      'src/xen/devices',
    ],
  ],
  cells: ['src/config', 'src/abi'],
};

const root = import.meta.dirname;
const zones = Object.entries(layers).flatMap(([target, allowed]) => [
  { target: `${root}/${target}`, from: `${root}/src`, except: allowedBelow(target, allowed) },
  { target: `${root}/${target}`, from: `${root}/cells`, except: target === 'cells' ? ['.'] : [] },
]);

function allowedBelow(target, allowed) {
  return [target, ...allowed].filter((path) => path.startsWith('src/')).map((path) => `./${path.slice('src/'.length)}`);
}

export default tseslint.config(
  { ignores: ['dist', 'build', 'coverage', 'node_modules'] },
  ...tseslint.configs.strict,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Only these two commands start a board; nothing else above the seam may know that it is emulated.
    files: ['src/{cli,dashboard,metrics,remote}/**/*.ts'],
    ignores: ['src/cli/cellvisor/board/**', 'src/cli/cellvisor/try/**'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        { zones: [...zones, { target: `${root}/src/cli`, from: `${root}/src/board` }] },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}', 'test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-require-imports': 'off', 'max-lines': 'off' },
  },
  { files: ['eslint.config.mjs'], rules: { 'import-x/no-default-export': 'off' } },
);
