import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { byteCount } from '../../onnx/tensor.ts';
import { castTo } from '../precision/castTo.ts';
import { isView, SharedMemory } from './sharedMemory.ts';

/** Output of a graph whose nodes are in an order; nobody reads it. */
const ORDER_OUTPUT = 'order';

/** Nodes that let less than this be forgotten come when they come. */
const WORTHWHILE_BYTES = 2 ** 18;

/**
 * Lets a graph compute what is small as soon as what it is computed from is there, so that this can be forgotten: the gradient of a kernel
 * right after that of its convolution's output, a mask right after the image that it is of. ONNX Runtime (1.30) computes what the last of the nodes that
 * nobody reads needs, in the order of its inputs from the last to the first, then what the one before it needs. By itself the gradients of weights come
 * in last, all together, and every image and its gradient wait for that. So the graph gets one more node, which reads a number of all that shall come early.
 *
 * @param graph of one step, with static shapes; gets the output `order`
 */
export function orderNodes(graph: Graph): void {
  const firsts = earlyValues(graph)
    .toReversed()
    .map((value) => {
      const first = graph.op('Gather', [graph.op('Reshape', [value, graph.integers([-1])]), graph.integers([0])]);
      return castTo(graph, first, 'float32');
    });
  if (firsts.length > 0) graph.output(graph.op('Concat', firsts, { axis: int(0) }), ORDER_OUTPUT);
}

/** What is to be computed as soon as it can be, in the order in which it can. */
function earlyValues(graph: Graph): readonly Value[] {
  const memory = new SharedMemory(graph.nodes);
  const early: { readonly value: Value; readonly ready: number }[] = [];
  graph.nodes.forEach((node, index) => {
    const [value, ...others] = node.outputs;
    if (!value || others.length > 0 || isView(node)) return;
    if (value.type !== 'float32' && value.type !== 'bool') return;
    const read = node.inputs.flatMap((input) => (input ? [memory.ownerOf(input)] : []));
    const forgotten = [...new Set(read)].filter((owner) => memory.lastReader(owner) === index);
    const bytes = forgotten.reduce((sum, owner) => sum + memory.bytesOf(owner), 0);
    if (bytes < WORTHWHILE_BYTES || bytes < 2 * byteCount(value)) return;
    const inputs = node.inputs.flatMap((input) => (input ? [memory.readyAt(input)] : []));
    early.push({ value, ready: Math.max(...inputs) });
  });
  return early.toSorted((one, other) => one.ready - other.ready).map(({ value }) => value);
}
