import { AttributeProto_AttributeType as Type, type AttributeProto } from '../onnx/onnx_pb.ts';
import { toNumbers } from '../onnx/tensor.ts';
import { decodeTensor, typeNameOf } from '../onnx/tensorProto.ts';

/** More elements than this are counted, not listed. */
const LISTED = 16;

/** An attribute of a node as one line. */
export function describeAttribute(attribute: AttributeProto): { readonly name: string; readonly value: string } {
  return { name: attribute.name, value: valueOf(attribute) };
}

function valueOf(attribute: AttributeProto): string {
  const text = new TextDecoder();
  if (attribute.refAttrName !== '') return `@${attribute.refAttrName}`;
  switch (attribute.type) {
    case Type.FLOAT:
      return shortened(attribute.f);
    case Type.INT:
      return String(attribute.i);
    case Type.STRING:
      return text.decode(attribute.s);
    case Type.FLOATS:
      return listed(attribute.floats.map(shortened));
    case Type.INTS:
      return listed(attribute.ints.map(String));
    case Type.STRINGS:
      return listed(attribute.strings.map((bytes) => text.decode(bytes)));
    case Type.TENSOR:
      return describeTensor(attribute);
    case Type.GRAPH:
      return describeGraph(attribute.g);
    case Type.GRAPHS:
      return attribute.graphs.map(describeGraph).join('; ');
    case Type.UNDEFINED:
    case Type.TENSORS:
    case Type.SPARSE_TENSOR:
    case Type.SPARSE_TENSORS:
    case Type.TYPE_PROTO:
    case Type.TYPE_PROTOS:
      return Type[attribute.type].toLowerCase();
  }
}

function describeTensor({ t }: AttributeProto): string {
  if (!t) return '';
  const type = `${typeNameOf(t.dataType)}[${t.dims.join(', ')}]`;
  const count = t.dims.reduce((product, size) => product * Number(size), 1);
  if (count > LISTED) return type;
  try {
    const tensor = decodeTensor(t);
    const values = tensor.type === 'string' ? Array.from(tensor.data, String) : toNumbers(tensor).map(shortened);
    return `${type} ${listed(values)}`;
  } catch {
    // Of a type that is not worked with: its name says so.
    return type;
  }
}

function describeGraph(graph: AttributeProto['g']): string {
  if (!graph) return '';
  return `{${graph.node
    .map(({ opType }) => opType)
    .slice(0, LISTED)
    .join(', ')}${graph.node.length > LISTED ? ', …' : ''}}`;
}

function listed(values: readonly string[]): string {
  return `[${values.slice(0, LISTED).join(', ')}${values.length > LISTED ? `, … (${values.length})` : ''}]`;
}

/** float32 has about seven digits; what JavaScript adds to them is noise. */
function shortened(value: number): string {
  return String(Number(value.toPrecision(7)));
}
