import type { Tree } from './tree';

/**
 * A tree as YAML 1.2. All texts are in double quotes, which YAML reads as JSON does: nothing turns into a number, a
 * date or a boolean on the way.
 */
export function formatYaml(tree: Tree): string {
  return isLeaf(tree) ? `${leaf(tree)}\n` : block(tree, '');
}

function block(tree: Tree, indent: string): string {
  return Array.isArray(tree)
    ? tree.map((one: Tree) => `${indent}-${element(one, indent)}`).join('')
    : Object.entries(tree as object)
        .map(([name, one]) => `${indent}${name}:${member(one as Tree, indent)}`)
        .join('');
}

/** The first member of an object stands on the line of the dash. */
function element(tree: Tree, indent: string): string {
  return isLeaf(tree) ? ` ${leaf(tree)}\n` : ` ${block(tree, `${indent}  `).trimStart()}`;
}

function member(tree: Tree, indent: string): string {
  return isLeaf(tree) ? ` ${leaf(tree)}\n` : `\n${block(tree, `${indent}  `)}`;
}

/** Scalars, lists of scalars and what is empty fit on a line. */
function isLeaf(tree: Tree): boolean {
  if (typeof tree !== 'object' || tree === null) {
    return true;
  }
  return Array.isArray(tree)
    ? tree.every((one: Tree) => typeof one !== 'object' || one === null)
    : Object.keys(tree).length === 0;
}

function leaf(tree: Tree): string {
  return Array.isArray(tree) ? `[${tree.map((one) => JSON.stringify(one)).join(', ')}]` : JSON.stringify(tree);
}
