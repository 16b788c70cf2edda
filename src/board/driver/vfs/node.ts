import { KernelError } from '../../../errors';
import type { OpenFileFlags } from '../../syscalls';
import type { FileOperations } from './open-description';

/** The size that sysfs reports for every attribute. */
const ATTRIBUTE_SIZE = 4096;

export interface FileNode {
  readonly kind: 'file';
  readonly sizeBytes: number;
  /** @throws KernelError where reading the file is refused */
  read(): Uint8Array;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  /** Built anew for each look: what is in it may have changed. */
  entries(): Readonly<Record<string, Node>>;
}

export interface DeviceNode {
  readonly kind: 'device';
  open(flags: OpenFileFlags): FileOperations;
  /** For devices that a whole-file read makes sense for. */
  readonly content?: () => Uint8Array;
}

export type Node = FileNode | DirectoryNode | DeviceNode;

/** A sysfs attribute. Text is used as it is, so it brings its newline. */
export function attribute(read: () => string | Uint8Array): FileNode {
  return { kind: 'file', sizeBytes: ATTRIBUTE_SIZE, read: () => bytesOf(read()) };
}

/** A procfs file: its size is not known before it is read. */
export function procFile(read: () => string): FileNode {
  return { kind: 'file', sizeBytes: 0, read: () => bytesOf(read()) };
}

/** A binary sysfs file. */
export function binaryFile(sizeBytes: number, read: () => Uint8Array): FileNode {
  return { kind: 'file', sizeBytes, read };
}

export function directory(entries: () => Readonly<Record<string, Node>>): DirectoryNode {
  return { kind: 'directory', entries };
}

/** @throws KernelError ENOENT, ENOTDIR */
export function lookUp(root: DirectoryNode, path: string, operation: string): Node {
  if (!path.startsWith('/')) {
    throw new KernelError(operation, 'ENOENT');
  }
  let node: Node = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (node.kind !== 'directory') {
      throw new KernelError(operation, 'ENOTDIR');
    }
    const entries: Readonly<Record<string, Node>> = node.entries();
    const next = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (!next) {
      throw new KernelError(operation, 'ENOENT');
    }
    node = next;
  }
  return node;
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
