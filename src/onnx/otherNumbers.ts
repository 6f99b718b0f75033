import type { ModelFile } from './file.ts';
import type { DataType } from './tensor.ts';
import { dataTypeOf } from './tensorProto.ts';

/** A network whose one input takes numbers of another type than float32. */
export interface OtherNumbers {
  /** Name of the input, as its file has it. */
  readonly input: string;
  readonly type: DataType;
  readonly isWhole: boolean;
}

const WHOLE: readonly DataType[] = ['int64', 'int32', 'int16', 'int8', 'uint64', 'uint32', 'uint16', 'uint8'];

/**
 * The numbers that a network's one input takes; undefined for float32, for texts, and where there are several inputs.
 *
 * @param sampleShape dimensions of the samples that it is fed: lists of whole numbers may be tokens
 */
export function otherNumbersOf(
  { proto }: Pick<ModelFile, 'proto'>,
  sampleShape: readonly number[] = [],
): OtherNumbers | undefined {
  const stored = new Set(proto.graph?.initializer.map(({ name }) => name));
  const [first, ...others] = (proto.graph?.input ?? []).filter(({ name }) => !stored.has(name));
  if (first?.type?.value.case !== 'tensorType' || others.length > 0) return undefined;
  const type = dataTypeOf(first.type.value.value.elemType, `The input '${first.name}'`);
  if (type === 'float64') return { input: first.name, type, isWhole: false };
  // Indices of tokens are no numbers that pixels could be rounded to.
  return WHOLE.includes(type) && (sampleShape.length === 1 || !/ids|token/i.test(first.name))
    ? { input: first.name, type, isWhole: true }
    : undefined;
}
