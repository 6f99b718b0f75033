import { clone } from '@bufbuild/protobuf';
import { ValueInfoProtoSchema, type GraphProto, type ValueInfoProto } from './onnx_pb.ts';

/** What a stored tensor was in the program that a network was exported from: learned, or a constant of it. */
export type TensorKind = 'parameter' | 'constant';

/** The entry in which PyTorch's newer exporter says what a tensor was: `PARAMETER`, `BUFFER`, `CONSTANT_TENSOR`. */
const KIND = 'pkg.torch.export.graph_signature.InputSpec.kind';

/** The entry of a graph in which it lists the parameters of the program. */
const SIGNATURE = 'pkg.torch.export.ExportedProgram.graph_signature';

/** The parameters of the program that a graph no longer holds under their names; undefined where the exporter does not list them. */
export function lostParameters({ metadataProps, initializer }: GraphProto): readonly string[] | undefined {
  const signature = metadataProps.find(({ key }) => key === SIGNATURE)?.value;
  if (signature === undefined) return undefined;
  const stored = new Set(initializer.map(({ name }) => name));
  return [...signature.matchAll(/PARAMETER target='([^']+)'/g)].flatMap(([, name = '']) =>
    stored.has(name) ? [] : [name],
  );
}

/** What the exporter says of the tensors of a graph, by name; empty where it says nothing. */
export function tensorKinds({ valueInfo }: GraphProto): ReadonlyMap<string, TensorKind> {
  const kinds = new Map<string, TensorKind>();
  for (const info of valueInfo) {
    const kind = kindOf(info);
    if (kind !== undefined) kinds.set(info.name, kind === 'PARAMETER' ? 'parameter' : 'constant');
  }
  return kinds;
}

/** The declarations of a graph that say what tensors were. */
export function kindDeclarations({ valueInfo }: GraphProto): ValueInfoProto[] {
  return valueInfo.filter((info) => kindOf(info) !== undefined);
}

/** Lets a copy of a tensor be of the same kind as the tensor. */
export function declareCopy(graph: GraphProto, name: string, copy: string): void {
  const info = kindDeclarations(graph).find((each) => each.name === name);
  if (info) graph.valueInfo.push(Object.assign(clone(ValueInfoProtoSchema, info), { name: copy }));
}

function kindOf({ metadataProps }: ValueInfoProto): string | undefined {
  return metadataProps.find(({ key }) => key === KIND)?.value;
}
