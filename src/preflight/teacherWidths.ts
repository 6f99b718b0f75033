import type { TeacherWidths } from '../data/formats/tables/targets/numberedClasses.ts';
import type { ModelFile } from '../onnx/file.ts';
import type { TypeProto } from '../onnx/onnx_pb.ts';
import { takesMissing } from '../teacher/foreign/missingNumbers.ts';

/** Keys of a model's metadata that people write the column under which it was trained to predict. */
const TARGET_KEYS = ['target', 'label', 'target_column', 'label_column', 'target_name'];

/**
 * How many numbers the teachers take for a sample and give for it, and what they were trained to predict, where they declare it and
 * agree; undefined without teachers.
 */
export function teacherWidths(files: readonly Pick<ModelFile, 'proto'>[]): TeacherWidths | undefined {
  if (files.length === 0) return undefined;
  const agreed = (widths: readonly (number | undefined)[]): number | undefined =>
    widths.every((width) => width === widths[0]) ? widths[0] : undefined;
  const targets = new Set(files.flatMap(({ proto }) => statedTarget(proto) ?? []));
  const [target, other] = targets;
  return {
    input: agreed(files.map(({ proto }) => inputWidth(proto.graph))),
    output: agreed(files.map(({ proto }) => lastWidth(proto.graph?.output[0]?.type))),
    ...(files.every(({ proto }) => takesMissing(proto)) && { takesMissing: true }),
    ...(target !== undefined && other === undefined && { target }),
  };
}

function statedTarget({ metadataProps }: ModelFile['proto']): string | undefined {
  const entries = new Map(metadataProps.map(({ key, value }) => [key.toLowerCase(), value.trim()]));
  return TARGET_KEYS.map((key) => entries.get(key)).find((value) => value !== undefined && value !== '');
}

function inputWidth(graph: ModelFile['proto']['graph']): number | undefined {
  const stored = new Set(graph?.initializer.map(({ name }) => name));
  const [first, ...others] = (graph?.input ?? []).filter(({ name }) => !stored.has(name));
  return others.length === 0 ? lastWidth(first?.type) : undefined;
}

/** The second of two dimensions, of which the first is the batch. */
function lastWidth(type: TypeProto | undefined): number | undefined {
  if (type?.value.case !== 'tensorType') return undefined;
  const dimensions = type.value.value.shape?.dim ?? [];
  const width = dimensions.length === 2 ? dimensions[1]?.value : undefined;
  return width?.case === 'dimValue' && width.value > 0n ? Number(width.value) : undefined;
}
