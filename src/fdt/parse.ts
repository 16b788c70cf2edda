import { alignUp, HEADER, MAX_DEPTH, nameProblem, RESERVATION_SIZE_BYTES, TOKEN } from './format';
import { bad, readHeader } from './header';
import { DeviceTreeNode } from './node';
import { DeviceTree } from './tree';
import type { Header } from './header';
import type { MemoryReservation } from './tree';
import type { Block, TreeSource } from './source';

/**
 * Reads a flattened device tree (Devicetree Specification v0.4, chapter 5) of version 16 or 17. `write` gives the same
 * bytes again. The bytes are copied, and nothing in them is trusted: whatever is wrong throws `FdtError` with the offset.
 */
export function parse(bytes: Uint8Array): DeviceTree {
  const copy = Buffer.from(bytes);
  const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
  const header = readHeader(view);
  const reservations = readReservations(view, header);
  const structure = new StructureReader(copy, view, header).read();
  const blocks = {
    reservations: {
      offset: header.reservationsOffset,
      sizeBytes: (reservations.length + 1) * RESERVATION_SIZE_BYTES,
    },
    structure: { offset: header.structureOffset, sizeBytes: structure.sizeBytes },
    strings: { offset: header.stringsOffset, sizeBytes: header.stringsSizeBytes },
  };
  const freeBytes = header.totalSizeBytes - checkOverlaps(blocks);
  const source: TreeSource = {
    bytes: copy,
    version: header.version,
    ...blocks,
    freeBytes,
    nopsBeforeEnd: structure.nopsBeforeEnd,
  };
  const tree = new DeviceTree(structure.root, source);
  tree.bootCpu = header.bootCpu;
  tree.freeBytes = freeBytes;
  for (const reservation of reservations) tree.reservations.push(reservation);
  return tree;
}

/** 5.3: a list that ends with a pair of zeros. */
function readReservations(view: DataView, header: Header): MemoryReservation[] {
  const reservations: MemoryReservation[] = [];
  for (let offset = header.reservationsOffset; ; offset += RESERVATION_SIZE_BYTES) {
    if (offset + RESERVATION_SIZE_BYTES > header.totalSizeBytes) {
      throw bad('E_FDT_RESERVATION', 'the memory reservations have no end', offset);
    }
    const reservation = { address: view.getBigUint64(offset), sizeBytes: view.getBigUint64(offset + 8) };
    if (reservation.sizeBytes === 0n) {
      // Some readers stop at any size of 0, others only at a pair of zeros: no list may mean two things.
      if (reservation.address === 0n) return reservations;
      throw bad('E_FDT_RESERVATION', `memory reservation ${reservations.length} has no size`, offset);
    }
    reservations.push(reservation);
  }
}

/** The end of the last block. */
function checkOverlaps(blocks: Readonly<Record<string, Block>>): number {
  const sorted = Object.entries(blocks).sort(([, a], [, b]) => a.offset - b.offset);
  let end = 0;
  let before = 'header';
  for (const [name, { offset, sizeBytes }] of sorted) {
    if (offset < end) {
      const field = HEADER[`${name}Offset` as 'structureOffset'];
      throw bad(
        'E_FDT_HEADER',
        `the ${name} block at ${offset} overlaps the ${before} block, which ends at ${end}`,
        field,
      );
    }
    end = offset + sizeBytes;
    before = name;
  }
  return end;
}

/** 5.4: reads the tokens one after the other, without recursion. */
class StructureReader {
  private readonly end: number;
  private position: number;
  private nops = 0;
  private root: DeviceTreeNode | undefined;
  private node: DeviceTreeNode | undefined;
  private depth = 0;
  /** Names by offset within the strings block. */
  private readonly names = new Map<number, string>();

  constructor(
    private readonly bytes: Buffer,
    private readonly view: DataView,
    private readonly header: Header,
  ) {
    this.position = header.structureOffset;
    this.end = header.structureOffset + (header.structureSizeBytes ?? header.totalSizeBytes - this.position);
  }

  read(): { root: DeviceTreeNode; sizeBytes: number; nopsBeforeEnd: number } {
    for (;;) {
      const at = this.position;
      const token = this.u32('a token');
      switch (token) {
        case TOKEN.beginNode:
          this.beginNode(at);
          break;
        case TOKEN.property:
          this.property(at);
          break;
        case TOKEN.endNode:
          this.endNode(at);
          break;
        case TOKEN.nop:
          this.nops++;
          break;
        case TOKEN.end:
          return {
            root: this.finish(at),
            sizeBytes: this.position - this.header.structureOffset,
            nopsBeforeEnd: this.nops,
          };
        default:
          throw bad('E_FDT_STRUCTURE', `0x${token.toString(16)} is no token`, at);
      }
    }
  }

  private beginNode(at: number): void {
    if (!this.node && this.root) throw bad('E_FDT_STRUCTURE', 'a second root node', at);
    if (this.depth === MAX_DEPTH) throw bad('E_FDT_DEPTH', `nodes are more than ${MAX_DEPTH} deep`, at);
    const start = this.position;
    const nameEnd = this.findNul(start, this.end);
    if (nameEnd === undefined) throw bad('E_FDT_TRUNCATED', 'a node name has no end', start);
    const name = this.node ? this.checkedName(start, nameEnd, 'node', start) : '';
    if (!this.node && nameEnd > start) throw bad('E_FDT_NAME', 'the root node has a name', start);
    const namePadding = this.padding(nameEnd + 1);
    if (this.node?.exactChild(name)) {
      throw bad('E_FDT_DUPLICATE', `${this.node.path} has two children ${name}`, start);
    }
    const node = new DeviceTreeNode(name);
    node.source = { nopsBefore: this.takeNops(), nopsBeforeEnd: 0, ...(namePadding && { namePadding }) };
    if (this.node) this.node.adopt(node);
    else this.root = node;
    this.node = node;
    this.depth++;
  }

  private property(at: number): void {
    const { node } = this;
    if (!node) throw bad('E_FDT_STRUCTURE', 'a property outside of a node', at);
    if (node.childCount > 0) throw bad('E_FDT_STRUCTURE', `a property of ${node.path} behind its children`, at);
    const sizeBytes = this.u32('the length of a property');
    const nameOffset = this.u32("the offset of a property's name");
    const offset = this.position;
    if (sizeBytes > this.end - offset) {
      const text = `a property of ${node.path} has ${sizeBytes} bytes, and the structure block ends after`;
      throw bad('E_FDT_TRUNCATED', `${text} ${this.end - offset}`, at + 4);
    }
    const name = this.propertyName(nameOffset, at + 8);
    if (node.has(name)) throw bad('E_FDT_DUPLICATE', `${node.path} has two properties ${name}`, at);
    const padding = this.padding(offset + sizeBytes);
    const source = { offset, nameOffset, nopsBefore: this.takeNops(), ...(padding && { padding }) };
    node.load(name, this.bytes.subarray(offset, offset + sizeBytes), source);
  }

  private endNode(at: number): void {
    const { node } = this;
    if (!node?.source) throw bad('E_FDT_STRUCTURE', 'the end of a node that has not begun', at);
    const nopsBeforeEnd = this.takeNops();
    if (nopsBeforeEnd > 0) node.source = { ...node.source, nopsBeforeEnd };
    this.node = node.parent;
    this.depth--;
  }

  private finish(at: number): DeviceTreeNode {
    if (this.node) throw bad('E_FDT_STRUCTURE', `the tree ends within ${this.node.path}`, at);
    if (!this.root) throw bad('E_FDT_STRUCTURE', 'the tree has no root node', at);
    if (this.header.structureSizeBytes !== undefined && this.position !== this.end) {
      throw bad(
        'E_FDT_STRUCTURE',
        `${this.end - this.position} bytes of the structure block follow its end`,
        this.position,
      );
    }
    return this.root;
  }

  /** 5.5: a string that may be shared, also by its tail. */
  private propertyName(nameOffset: number, at: number): string {
    const known = this.names.get(nameOffset);
    if (known !== undefined) return known;
    const { stringsOffset, stringsSizeBytes } = this.header;
    if (nameOffset >= stringsSizeBytes) {
      const text = `a property's name at ${nameOffset} is outside of the strings block of ${stringsSizeBytes} bytes`;
      throw bad('E_FDT_NAME', text, at);
    }
    const start = stringsOffset + nameOffset;
    const end = this.findNul(start, stringsOffset + stringsSizeBytes);
    if (end === undefined) {
      throw bad('E_FDT_NAME', "a property's name has no end within the strings block", at);
    }
    const name = this.checkedName(start, end, 'property', at);
    this.names.set(nameOffset, name);
    return name;
  }

  private checkedName(start: number, end: number, kind: 'node' | 'property', at: number): string {
    const name = this.bytes.toString('latin1', start, end);
    const problem = nameProblem(name, kind);
    if (problem) throw bad('E_FDT_NAME', `the name of a ${kind} in ${this.node?.path ?? '/'} ${problem}`, at);
    return name;
  }

  private findNul(start: number, end: number): number | undefined {
    let offset = start;
    while (offset < end && this.bytes[offset] !== 0) offset++;
    return offset < end ? offset : undefined;
  }

  /** Goes on at the next multiple of 4; what was left out, if it is not zeros, as libfdt's edits in place leave it. */
  private padding(from: number): Uint8Array | undefined {
    this.position = alignUp(from, 4);
    if (this.position > this.end) throw bad('E_FDT_TRUNCATED', 'the structure block ends within its last token', from);
    for (let offset = from; offset < this.position; offset++) {
      if (this.bytes[offset] !== 0) return this.bytes.subarray(from, this.position);
    }
    return undefined;
  }

  private u32(what: string): number {
    if (this.position + 4 > this.end) {
      throw bad('E_FDT_TRUNCATED', `the structure block ends where ${what} should be`, this.position);
    }
    this.position += 4;
    return this.view.getUint32(this.position - 4);
  }

  private takeNops(): number {
    const { nops } = this;
    this.nops = 0;
    return nops;
  }
}
