import { create, type Message } from '@bufbuild/protobuf';
import { DistilleryError } from '../errors.ts';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './onnx_pb.ts';
import { floatTensor, type Tensor } from './tensor.ts';
import { dataTypeOf, encodeTensor } from './tensorProto.ts';

/**
 * A copy of a model with other weights in it. Everything else, known to Distillery or not, stays as it is; what did not
 * change is shared with the original. Weights are initializers, or the values of `Constant` nodes.
 *
 * @param weights by name; each of the type and shape of the one that it replaces
 * @throws DistilleryError `BAD_INPUT` when the model has no such weight, or one of another type or shape
 */
export function replaceInitializers(proto: ModelProto, weights: ReadonlyMap<string, Tensor>): ModelProto {
  const { graph } = proto;
  if (!graph) throw new DistilleryError('INTERNAL', 'A model without a graph has no initializers.');
  const missing = new Set(weights.keys());
  const replaced = (name: string, stored: TensorProto): TensorProto => {
    const weight = weights.get(name);
    if (!weight) return stored;
    missing.delete(name);
    checkFit(name, stored, weight);
    return encodeTensor(stored.name, weight);
  };
  const edited = withFields<GraphProto>(graph, {
    initializer: graph.initializer.map((stored) => replaced(stored.name, stored)),
    node: graph.node.map((node) => replaceConstant(node, replaced)),
  });
  if (missing.size > 0) {
    throw new DistilleryError('BAD_INPUT', `The model has no weight named '${[...missing].join("', '")}'.`);
  }
  return withFields<ModelProto>(proto, { graph: edited });
}

function replaceConstant(node: NodeProto, replaced: (name: string, stored: TensorProto) => TensorProto): NodeProto {
  const [output] = node.output;
  if (node.opType !== 'Constant' || output === undefined) return node;
  const attribute = node.attribute.map((attribute) => {
    if (attribute.t) return withFields<AttributeProto>(attribute, { t: replaced(output, attribute.t) });
    const stored = floatsOf(attribute);
    const weight = stored && replaced(output, stored);
    // A list of numbers becomes a tensor, which holds the same.
    return weight && weight !== stored
      ? create(AttributeProtoSchema, { name: 'value', type: AttributeProto_AttributeType.TENSOR, t: weight })
      : attribute;
  });
  return withFields<NodeProto>(node, { attribute });
}

/** The tensor that a `Constant` written as one number, or a list of them, stands for. */
function floatsOf({ name, f, floats }: AttributeProto): TensorProto | undefined {
  if (name === 'value_floats') return encodeTensor('', floatTensor(floats));
  return name === 'value_float' ? encodeTensor('', floatTensor(f)) : undefined;
}

/** A shallow copy of a message with other fields; the prototype, which holds the defaults, and unknown fields stay. */
function withFields<T extends Message>(message: T, fields: Partial<T>): T {
  const copy = Object.create(Object.getPrototypeOf(message) as object) as T;
  return Object.assign(copy, message, fields);
}

function checkFit(name: string, stored: TensorProto, weight: Tensor): void {
  const type = dataTypeOf(stored.dataType, `Weight '${name}'`);
  if (type !== weight.type || stored.dims.map(Number).join() !== weight.shape.join()) {
    throw new DistilleryError(
      'BAD_INPUT',
      `Weight '${name}' is ${type} [${stored.dims.join(', ')}] in the model, not ${weight.type} [${weight.shape.join(', ')}].`,
    );
  }
}
