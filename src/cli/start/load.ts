import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { dirname, join } from 'node:path';
import type { CodeCache } from './code-cache';

/** What a bundle is. */
type Wrapper = (exports: object, require: NodeJS.Require, module: Module, filename: string, folder: string) => void;

/**
 * require() for our bundles, with compiled code from a cache. A bundle names others by relative paths, whole; everything else it
 * needs is Node's, or a package.
 *
 * @param nodeRequire of any of our files
 */
export function load(path: string, nodeRequire: NodeJS.Require, cache: CodeCache): unknown {
  const loaded = nodeRequire.cache[path];
  if (loaded !== undefined) return loaded.exports;
  const module = new Module(path);
  module.filename = path;
  // Also for Node's own require(): a class of which there are two is not the same class.
  nodeRequire.cache[path] = module;
  try {
    const folder = dirname(path);
    const requireFromBundle = (name: string): unknown =>
      name.startsWith('.') ? load(join(folder, name), nodeRequire, cache) : nodeRequire(name);
    const script = cache.compile(path, readFileSync(path, 'latin1'));
    const wrapper = script.runInThisContext() as Wrapper;
    wrapper.call(module.exports, module.exports, requireFromBundle as NodeJS.Require, module, path, folder);
    module.loaded = true;
  } catch (error) {
    Reflect.deleteProperty(nodeRequire.cache, path);
    throw error;
  }
  return module.exports;
}
