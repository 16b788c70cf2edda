import { REGISTER_BYTES, REGISTERS } from './registers';
import { errorReply, OK } from './reply';

/** Registers of the CPU that is meant. */
export interface RegisterAccess {
  read(): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
}

/** No such register, or not that many bytes. */
const REFUSED = errorReply('EINVAL');
/** System registers are for looking. */
const READ_ONLY = errorReply('EPERM');

/** `g`, `G BYTES`, `p NUMBER`, `P NUMBER=BYTES`: all of them, or one, as hexadecimal digits. */
export async function registerCommand(packet: string, registers: RegisterAccess): Promise<string> {
  switch (packet[0]) {
    case 'g':
      return Buffer.from(await registers.read()).toString('hex');
    case 'G':
      return writeAll(packet.slice(1), registers);
    case 'p':
      return readOne(packet.slice(1), registers);
    default:
      return writeOne(packet.slice(1), registers);
  }
}

async function writeAll(digits: string, registers: RegisterAccess): Promise<string> {
  const bytes = bytesOf(digits, REGISTER_BYTES);
  if (!bytes) return REFUSED;
  await registers.write(bytes);
  return OK;
}

async function readOne(number: string, registers: RegisterAccess): Promise<string> {
  const register = find(number);
  if (!register) return REFUSED;
  const { offset, sizeBytes } = register;
  return Buffer.from(await registers.read())
    .subarray(offset, offset + sizeBytes)
    .toString('hex');
}

async function writeOne(assignment: string, registers: RegisterAccess): Promise<string> {
  const [number = '', digits = ''] = assignment.split('=');
  const register = find(number);
  const value = register && bytesOf(digits, register.sizeBytes);
  if (!register || !value) return REFUSED;
  if (register.feature === 'system') return READ_ONLY;
  const bytes = Uint8Array.from(await registers.read());
  bytes.set(value, register.offset);
  await registers.write(bytes);
  return OK;
}

function find(number: string) {
  return /^[0-9a-f]{1,4}$/i.test(number) ? REGISTERS[parseInt(number, 16)] : undefined;
}

function bytesOf(digits: string, lengthBytes: number): Uint8Array | undefined {
  if (digits.length !== 2 * lengthBytes || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  return Buffer.from(digits, 'hex');
}
