import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { framedRecord } from '../../platform/framedRecord.ts';

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
  return framedRecord(event.tag(3, WireType.LengthDelimited).string('brain.Event:2').finish());
}

/** An event as a record of the file. */
export function eventRecord({ wallTime, step, values }: SummaryEvent): Uint8Array {
  const summary = new BinaryWriter();
  for (const value of values) summary.tag(1, WireType.LengthDelimited).bytes(value);
  const event = new BinaryWriter().tag(1, WireType.Bit64).double(wallTime).tag(2, WireType.Varint).int64(step);
  return framedRecord(event.tag(5, WireType.LengthDelimited).bytes(summary.finish()).finish());
}

/** Figures as values of a summary. @param scalars by tag, such as `loss/total` */
export function scalarValues(scalars: Readonly<Record<string, number>>): readonly Uint8Array[] {
  return Object.entries(scalars).map(([tag, value]) =>
    new BinaryWriter().tag(1, WireType.LengthDelimited).string(tag).tag(2, WireType.Bit32).float(value).finish(),
  );
}
