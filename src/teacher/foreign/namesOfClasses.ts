import type { GraphProto, NodeProto } from '../../onnx/onnx_pb.ts';
import { decodeTensor } from '../../onnx/tensorProto.ts';

/**
 * Names of the classes in the order of the probabilities, as a model of classical learning has them: those that its probabilities are put under; or the
 * list that its label is picked from; or else the labels of its first classifier. Classifiers inside another (one for each class or pair, those that a
 * last one weighs) number classes of their own, so that their labels come last.
 */
export function namesOfClasses(graph: GraphProto): readonly string[] | undefined {
  const maps = graph.node.filter(({ opType }) => opType === 'ZipMap');
  return (
    firstOf(maps, labelsOf) ??
    firstOf(graph.output, ({ name }) => pickedFrom(graph, name)) ??
    firstOf(graph.node, labelsOf)
  );
}

function firstOf<T>(
  all: readonly T[],
  namesIn: (one: T) => readonly string[] | undefined,
): readonly string[] | undefined {
  for (const one of all) {
    const names = namesIn(one);
    if (names && names.length > 0) return names;
  }
  return undefined;
}

function labelsOf({ attribute }: NodeProto): readonly string[] | undefined {
  return firstOf(attribute, ({ name, strings, ints }) => {
    if (!name.startsWith('classlabels_')) return undefined;
    return strings.length > 0 ? strings.map((bytes) => new TextDecoder().decode(bytes)) : ints.map(String);
  });
}

/** The stored list of which an output picks elements, as converters turn the number of a class into its label. */
function pickedFrom({ node, initializer }: GraphProto, output: string): readonly string[] | undefined {
  const makerOf = (name: string): NodeProto | undefined => node.find((each) => each.output.includes(name));
  let maker = makerOf(output);
  // A file may be written in a circle.
  for (let left = node.length; maker && passing.has(maker.opType) && left > 0; left--)
    maker = makerOf(maker.input[0] ?? '');
  if (maker?.opType !== 'ArrayFeatureExtractor') return undefined;
  const [source] = maker.input;
  const list = initializer.find(({ name }) => name === source);
  return list && Array.from(decodeTensor(list).data, String);
}

/** Operators that give a label on as it is. */
const passing: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze']);
