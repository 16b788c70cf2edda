// Prints the C++ sources of the addon, or of the folder of native/ that is named, for binding.gyp: a new file needs no entry.
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

const [folder] = process.argv.slice(2);
const parts = folder === undefined ? ['machine', 'napi', 'syscalls'] : [folder];
const found = parts.flatMap((part) => sources(join('native', part)));
console.log([...found, ...(folder === undefined ? ['native/addon.cc'] : [])].join('\n'));
