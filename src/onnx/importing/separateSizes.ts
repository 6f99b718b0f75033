import { clone } from '@bufbuild/protobuf';
import type { ModelFile } from '../file.ts';
import { ModelProtoSchema, type ValueInfoProto } from '../onnx_pb.ts';

/**
 * A model whose inputs call no other axis like the batch. Some programs write one name for whatever size they leave open (`?`, `None`), so that
 * height, width and channels would have to be as many as the samples of a batch. A model without such inputs is returned as it is.
 */
export function separateSizes(file: ModelFile): ModelFile {
  const repeated = (file.proto.graph?.input ?? []).some((info) => axesLikeBatch(info).length > 0);
  if (!repeated) return file;
  const proto = clone(ModelProtoSchema, file.proto);
  for (const info of proto.graph?.input ?? []) {
    for (const { axis, value } of axesLikeBatch(info)) value.value = `${info.name}.${axis}`;
  }
  return { ...file, proto, isChanged: true };
}

/** The axes of an input, beside the first, that bear the first one's name. */
function axesLikeBatch({ type }: ValueInfoProto): { readonly axis: number; readonly value: { value: string } }[] {
  const [first, ...others] = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [];
  const batch = first?.value;
  if (batch?.case !== 'dimParam') return [];
  return others.flatMap(({ value }, index) =>
    value.case === 'dimParam' && value.value === batch.value ? [{ axis: index + 1, value }] : [],
  );
}
