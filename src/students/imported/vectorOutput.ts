import { clone, create } from '@bufbuild/protobuf';
import { declaredType } from '../../onnx/importing/importTypes.ts';
import { readInPlaceOf } from '../../onnx/importing/storedTranspose.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type ModelProto,
  type ValueInfoProto,
} from '../../onnx/onnx_pb.ts';
import type { OutputForm } from '../networkForm.ts';
import type { OutputChoice } from './putOutputFirst.ts';

/** What makes probabilities of logits at the end of a classifier. */
const ENDINGS: ReadonlySet<string> = new Set(['Softmax', 'LogSoftmax', 'Sigmoid']);

/**
 * A classifier that ends in a convolution or a pooling, [batch, classes, 1, 1], as one that gives [batch, classes]: a Flatten at its end, before a softmax
 * over the classes. Any other model comes back as it is.
 *
 * @param model with the output that is trained first
 */
export function vectorOutput(model: ModelProto, form: OutputForm): OutputChoice {
  const [output] = model.graph?.output ?? [];
  if (form.kind !== 'logits' || !output || !isLongVector(output, form.classes)) return { model, notes: [] };
  const changed = clone(ModelProtoSchema, model);
  const { graph } = changed;
  const [info] = graph?.output ?? [];
  const last = graph?.node.findIndex((node) => node.output.includes(output.name)) ?? -1;
  const node = graph?.node[last];
  if (!graph || !node || info?.type?.value.case !== 'tensorType') return { model, notes: [] };
  const vectors = `${output.name}.vectors`;
  const overClasses = create(AttributeProtoSchema, { name: 'axis', type: AttributeType.INT, i: 1n });
  const flatten = (input: string, to: string) =>
    create(NodeProtoSchema, {
      name: vectors,
      opType: 'Flatten',
      input: [input],
      output: [to],
      attribute: [overClasses],
    });
  const [logits = ''] = node.input;
  if (ENDINGS.has(node.opType)) {
    graph.node.splice(last, 0, flatten(logits, vectors));
    node.input = [vectors];
    node.attribute = node.opType === 'Sigmoid' ? [] : [overClasses];
  } else {
    const maps = `${output.name}.maps`;
    readInPlaceOf(graph, output.name, maps);
    node.output = node.output.map((name) => (name === output.name ? maps : name));
    graph.node.push(flatten(maps, output.name));
  }
  info.type.value.value.shape?.dim.splice(2);
  const sizes = declaredType(output).shape.join(', ');
  return {
    model: changed,
    notes: [`The model's output '${output.name}' is [${sizes}]: it is written as vectors of the classes (Flatten).`],
  };
}

/** Whether an output is a vector of the classes with further axes of 1. */
function isLongVector(output: ValueInfoProto, classes: number): boolean {
  const dim = output.type?.value.case === 'tensorType' ? output.type.value.value.shape?.dim : undefined;
  if (!dim || dim.length < 3) return false;
  const sizes = declaredType(output).shape.slice(1);
  return sizes[0] === classes && sizes.slice(1).every((size) => size === 1);
}
