import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** What happened at one step, as TensorBoard's `Event` (tensorflow/core/util/event.proto) has it. */
export interface SummaryEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  /** Each a `Summary.Value`. */
  readonly values: readonly Uint8Array[];
}

/** What an event file begins with. */
export function fileHeader(wallTime: number): Uint8Array {
  const event = new BinaryWriter().tag(1, WireType.Bit64).double(wallTime);
  return record(event.tag(3, WireType.LengthDelimited).string('brain.Event:2').finish());
}

/** An event as a record of the file. */
export function eventRecord({ wallTime, step, values }: SummaryEvent): Uint8Array {
  const summary = new BinaryWriter();
  for (const value of values) summary.tag(1, WireType.LengthDelimited).bytes(value);
  const event = new BinaryWriter().tag(1, WireType.Bit64).double(wallTime).tag(2, WireType.Varint).int64(step);
  return record(event.tag(5, WireType.LengthDelimited).bytes(summary.finish()).finish());
}

/** Figures as values of a summary. @param scalars by tag, such as `loss/total` */
export function scalarValues(scalars: Readonly<Record<string, number>>): readonly Uint8Array[] {
  return Object.entries(scalars).map(([tag, value]) =>
    new BinaryWriter().tag(1, WireType.LengthDelimited).string(tag).tag(2, WireType.Bit32).float(value).finish(),
  );
}

/** TFRecord: length, its checksum, the data, their checksum. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedChecksum(data), true);
  return bytes;
}

/** CRC-32C, rotated and shifted as TFRecord asks, so that checksums of data that hold checksums are no weaker. */
function maskedChecksum(data: Uint8Array): number {
  const checksum = crc32c(data);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

/** Castagnoli's polynomial, its bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** The CRC-32C of bytes (RFC 3720, appendix B.4). */
export function crc32c(data: Uint8Array): number {
  let checksum = 0xffffffff;
  for (const byte of data) checksum = (checksum >>> 8) ^ (table[(checksum ^ byte) & 0xff] ?? 0);
  return (checksum ^ 0xffffffff) >>> 0;
}
