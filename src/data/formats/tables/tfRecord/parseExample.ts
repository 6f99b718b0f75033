import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** What a feature of an example holds. */
export type Feature = readonly Uint8Array[] | readonly number[];

/**
 * The features of a `tf.train.Example` by name (tensorflow/core/example/example.proto); of a `SequenceExample` those of its context.
 *
 * @throws Error where the bytes are no such message
 */
export function parseExample(data: Uint8Array): {
  readonly features: ReadonlyMap<string, Feature>;
  /** Whether it has lists of features, which only a `SequenceExample` has. */
  readonly isSequence: boolean;
} {
  const features = new Map<string, Feature>();
  let isSequence = false;
  for (const { field, bytes } of messages(data)) {
    if (field === 2) isSequence = true;
    if (field !== 1) continue;
    for (const entry of messages(bytes)) {
      if (entry.field !== 1) continue;
      let name = '';
      let feature: Feature = [];
      for (const part of messages(entry.bytes)) {
        if (part.field === 1) name = Buffer.from(part.bytes).toString('utf8');
        if (part.field === 2) feature = parseFeature(part.bytes);
      }
      features.set(name, feature);
    }
  }
  return { features, isSequence };
}

/** The fields of a message that are messages, texts or bytes themselves. */
function* messages(data: Uint8Array): Generator<{ readonly field: number; readonly bytes: Uint8Array }> {
  const reader = new BinaryReader(data);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) yield { field, bytes: reader.bytes() };
    else reader.skip(type, field);
  }
}

/** One of `BytesList`, `FloatList` and `Int64List`; numbers may be packed. */
function parseFeature(data: Uint8Array): Feature {
  const [list] = [...messages(data)];
  if (!list) return [];
  const reader = new BinaryReader(list.bytes);
  const bytes: Uint8Array[] = [];
  const numbers: number[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== 1) reader.skip(type, field);
    else if (list.field === 1) bytes.push(reader.bytes());
    else {
      const end = type === WireType.LengthDelimited ? reader.uint32() + reader.pos : reader.pos + 1;
      while (reader.pos < end) numbers.push(list.field === 2 ? reader.float() : Number(reader.int64()));
    }
  }
  return list.field === 1 ? bytes : numbers;
}
