import { transposeMatrices } from '../../autodiff/layout.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor } from '../../onnx/tensor.ts';

/**
 * Average pooling to any smaller or equal size: output i is the mean of the inputs ⌊i · in / out⌋ … ⌈(i + 1) · in /
 * out⌉ − 1 (what PyTorch calls adaptive). As two products with constant matrices, it needs no divisibility.
 *
 * @param map [B, C, H, W]
 */
export function poolMapTo(graph: Graph, map: Value, height: number, width: number): Value {
  const [, , rows = 1, columns = 1] = dimensionsOf(map);
  const pooled = rows === height ? map : graph.op('MatMul', [poolingMatrix(graph, rows, height), map]);
  if (columns === width) return pooled;
  return graph.op('MatMul', [pooled, transposeMatrices(graph, poolingMatrix(graph, columns, width))]);
}

/** [out, in], each row the mean over its part of the inputs. */
function poolingMatrix(graph: Graph, size: number, pooled: number): Value {
  const matrix = new Float32Array(pooled * size);
  for (let row = 0; row < pooled; row++) {
    const start = Math.floor((row * size) / pooled);
    const end = Math.ceil(((row + 1) * size) / pooled);
    matrix.fill(1 / (end - start), row * size + start, row * size + end);
  }
  return graph.constant(floatTensor(matrix, [pooled, size]));
}
