// Prints the addon's C++ sources for binding.gyp, so that a new file needs no entry anywhere.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return entry.name.endsWith('.cc') ? [path] : [];
    })
    .sort();
}

console.log(
  [...['machine', 'napi', 'syscalls'].flatMap((part) => sources(join('native', part))), 'native/addon.cc'].join('\n'),
);
