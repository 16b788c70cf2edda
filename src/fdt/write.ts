import { alignUp, HEADER, HEADER_SIZE_BYTES_V17, MAGIC, RESERVATION_SIZE_BYTES, TOKEN } from './format';
import { StringsBlock } from './strings-block';
import type { DeviceTreeNode } from './node';
import type { Property } from './property';
import type { Block, TreeSource } from './source';
import type { DeviceTree, MemoryReservation } from './tree';

/**
 * The flattened tree. A tree that was read and not edited gives the bytes that were read, and edits that change no size
 * change nothing else. Other trees are laid out as dtc does: header, reservations, structure, strings, then `freeBytes`
 * zeros; names that are in the strings block already stay where they are.
 */
export function write(tree: DeviceTree): Uint8Array {
  const { source } = tree;
  const strings = new StringsBlock(source && blockOf(source, source.strings));
  const blocks = {
    reservations: writeReservations(tree.reservations),
    structure: new StructureWriter(strings).write(tree.root, source?.nopsBeforeEnd ?? 0),
    strings: strings.bytes(),
  };
  if (
    source &&
    tree.freeBytes === source.freeBytes &&
    BLOCKS.every((name) => blocks[name].length === source[name].sizeBytes)
  ) {
    const bytes = Buffer.from(source.bytes);
    for (const name of BLOCKS) bytes.set(blocks[name], source[name].offset);
    bytes.writeUInt32BE(tree.bootCpu, HEADER.bootCpu);
    return bytes;
  }
  return pack(tree, blocks);
}

const BLOCKS = ['reservations', 'structure', 'strings'] as const;

function blockOf(source: TreeSource, { offset, sizeBytes }: Block): Uint8Array {
  return source.bytes.subarray(offset, offset + sizeBytes);
}

function pack(tree: DeviceTree, blocks: Readonly<Record<(typeof BLOCKS)[number], Uint8Array>>): Uint8Array {
  const reservationsOffset = alignUp(HEADER_SIZE_BYTES_V17, 8);
  const structureOffset = reservationsOffset + blocks.reservations.length;
  const stringsOffset = structureOffset + blocks.structure.length;
  const bytes = Buffer.alloc(stringsOffset + blocks.strings.length + tree.freeBytes);
  const version = Math.min(tree.source?.version ?? 17, 17);
  bytes.writeUInt32BE(MAGIC, HEADER.magic);
  bytes.writeUInt32BE(bytes.length, HEADER.totalSize);
  bytes.writeUInt32BE(structureOffset, HEADER.structureOffset);
  bytes.writeUInt32BE(stringsOffset, HEADER.stringsOffset);
  bytes.writeUInt32BE(reservationsOffset, HEADER.reservationsOffset);
  bytes.writeUInt32BE(version, HEADER.version);
  bytes.writeUInt32BE(16, HEADER.lastCompatibleVersion);
  bytes.writeUInt32BE(tree.bootCpu, HEADER.bootCpu);
  bytes.writeUInt32BE(blocks.strings.length, HEADER.stringsSize);
  if (version >= 17) bytes.writeUInt32BE(blocks.structure.length, HEADER.structureSize);
  bytes.set(blocks.reservations, reservationsOffset);
  bytes.set(blocks.structure, structureOffset);
  bytes.set(blocks.strings, stringsOffset);
  return bytes;
}

function writeReservations(reservations: readonly MemoryReservation[]): Uint8Array {
  const bytes = Buffer.alloc((reservations.length + 1) * RESERVATION_SIZE_BYTES);
  reservations.forEach(({ address, sizeBytes }, index) => {
    bytes.writeBigUInt64BE(address, index * RESERVATION_SIZE_BYTES);
    bytes.writeBigUInt64BE(sizeBytes, index * RESERVATION_SIZE_BYTES + 8);
  });
  return bytes;
}

class StructureWriter {
  private bytes = Buffer.alloc(0x8000);
  private position = 0;

  constructor(private readonly strings: StringsBlock) {}

  write(root: DeviceTreeNode, nopsBeforeEnd: number): Uint8Array {
    this.node(root);
    this.nops(nopsBeforeEnd);
    this.token(TOKEN.end);
    return this.bytes.subarray(0, this.position);
  }

  private node(node: DeviceTreeNode): void {
    const { name, source } = node;
    this.nops(source?.nopsBefore);
    this.token(TOKEN.beginNode);
    this.reserve(name.length + 4);
    this.bytes.write(name, this.position, 'latin1');
    this.pad(this.position + name.length + 1, source?.namePadding);
    for (const property of node.properties) this.property(property);
    for (const child of node.children) this.node(child);
    this.nops(source?.nopsBeforeEnd);
    this.token(TOKEN.endNode);
  }

  private property({ name, value, source }: Property): void {
    this.nops(source?.nopsBefore);
    this.token(TOKEN.property);
    this.reserve(value.length + 12);
    this.bytes.writeUInt32BE(value.length, this.position);
    this.bytes.writeUInt32BE(this.strings.offsetOf(name, source?.nameOffset), this.position + 4);
    this.bytes.set(value, this.position + 8);
    this.pad(this.position + 8 + value.length, source?.padding);
  }

  private token(token: number): void {
    this.reserve(4);
    this.position = this.bytes.writeUInt32BE(token, this.position);
  }

  private nops(count = 0): void {
    for (let index = 0; index < count; index++) this.token(TOKEN.nop);
  }

  private pad(from: number, padding: Uint8Array | undefined): void {
    if (padding) this.bytes.set(padding, from);
    this.position = alignUp(from, 4);
  }

  /** Makes room; what is behind the position is zeros. */
  private reserve(sizeBytes: number): void {
    const needed = this.position + sizeBytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.position));
    this.bytes = larger;
  }
}
