import type { DeviceTreeNode } from './node';
import type { Property } from './property';
import type { DeviceTree } from './tree';

/**
 * The tree as source text, exactly as `dtc -I dtb -O dts` (1.6.1) prints it. A blob does not say what a value is, so it is
 * guessed: text where it may be text, else cells, else bytes.
 */
export function printDts(tree: DeviceTree): string {
  const lines = ['/dts-v1/;', ''];
  for (const { address, sizeBytes } of tree.reservations) {
    lines.push(`/memreserve/\t${hex(address, 16)} ${hex(sizeBytes, 16)};`);
  }
  printNode(tree.root, '', lines);
  return `${lines.join('\n')}\n`;
}

/** One property as a line of source, such as `reg = <0x00 0x30890000 0x00 0x10000>;`. */
export function printProperty({ name, value }: Property): string {
  return value.length === 0 ? `${name};` : `${name} = ${printValue(value)};`;
}

function printNode(node: DeviceTreeNode, indent: string, lines: string[]): void {
  lines.push(`${indent}${node.name || '/'} {`);
  for (const property of node.properties) lines.push(`${indent}\t${printProperty(property)}`);
  for (const child of node.children) {
    lines.push('');
    printNode(child, `${indent}\t`, lines);
  }
  lines.push(`${indent}};`);
}

function printValue(value: Uint8Array): string {
  if (looksLikeText(value)) {
    const text = Buffer.from(value.buffer, value.byteOffset, value.length - 1).toString('latin1');
    return `"${text.replaceAll(NEEDS_ESCAPE, (character) => ESCAPES.get(character.charCodeAt(0)) ?? character)}"`;
  }
  const items = [];
  if (value.length % 4 !== 0) {
    for (const byte of value) items.push(byte.toString(16).padStart(2, '0'));
    return `[${items.join(' ')}]`;
  }
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  for (let offset = 0; offset < value.length; offset += 4) items.push(hex(view.getUint32(offset), 2));
  return `<${items.join(' ')}>`;
}

/** Ends with a NUL, has only characters that a source file can say, and NULs are no more than half of it. */
function looksLikeText(value: Uint8Array): boolean {
  if (value[value.length - 1] !== 0) return false;
  let nuls = 0;
  for (const byte of value) {
    if (byte === 0) nuls++;
    else if (!isPrintable(byte) && !ESCAPES.has(byte)) return false;
  }
  return nuls <= value.length - nuls;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '\\0'],
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

const NEEDS_ESCAPE = /[\0\x07-\x0d"\\]/g;

function hex(value: number | bigint, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}
