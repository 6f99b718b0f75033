import type { InferenceSession } from 'onnxruntime-node';
import { encodeModel } from '../../onnx/file.ts';
import { exportModel } from '../../onnx/export.ts';
import { rewriteGraph } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import { findBlockSize } from '../lowering/blockSize.ts';
import { lowerForCpu } from '../lowering/lowerForCpu.ts';
import { openSession, type SessionOptions } from './session.ts';

/** Opens a session on a graph, brought into the form that is fastest on the device. */
export async function openGraph(graph: Graph, options: SessionOptions): Promise<InferenceSession> {
  const block = options.device === 'cpu' ? await findBlockSize() : undefined;
  const lowered = block === undefined ? rewriteGraph(graph) : lowerForCpu(graph, block);
  return openSession(encodeModel(exportModel(lowered, { name: 'distillery' })), options);
}
