import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../errors.ts';
import type { Graph } from './graph.ts';
import { ModelProtoSchema, ValueInfoProtoSchema, type ModelProto } from './onnx_pb.ts';

/**
 * The model with more outputs: values that it computes on its way.
 *
 * @param names of values as the file has them
 * @param graph the model's graph, to say which values there are
 * @throws DistilleryError `BAD_INPUT` when the model computes no value of a name
 */
export function exposeValues(model: ModelProto, names: readonly string[], graph: Graph): ModelProto {
  const exposed = clone(ModelProtoSchema, model);
  if (!exposed.graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  const computed = new Set(exposed.graph.node.flatMap(({ output }) => output));
  const outputs = new Set(exposed.graph.output.map(({ name }) => name));
  for (const name of names) {
    if (!computed.has(name)) {
      throw new DistilleryError('BAD_INPUT', `The model computes no value named '${name}'.`, {
        hint: `Its last values are ${lastValues(graph)}; \`distillery inspect\` lists all.`,
      });
    }
    // ONNX Runtime infers the type of an output that declares none.
    if (!outputs.has(name)) exposed.graph.output.push(create(ValueInfoProtoSchema, { name }));
  }
  return exposed;
}

function lastValues(graph: Graph): string {
  const names = graph.nodes.flatMap(({ outputs }) => outputs.flatMap((output) => (output ? [output.name] : [])));
  return names
    .slice(-4)
    .map((name) => `'${name}'`)
    .join(', ');
}
