import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError } from '../../../errors.ts';
import { Graph } from '../../../onnx/graph.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import { openGraph } from '../openGraph.ts';
import { closeSession } from '../session.ts';

/** A float32 tensor that lives on a device. */
export interface DeviceValue {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * Reads tensors back from a device. ONNX Runtime for Node.js cannot download a tensor that it left there, but a session
 * can: one whose graph hands its inputs on to outputs on the CPU.
 */
export class DeviceReader {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /** Prepares reading these tensors together. The caller disposes of the reader. */
  static async create(values: readonly DeviceValue[], device: DeviceName): Promise<DeviceReader> {
    const graph = new Graph();
    for (const { name, shape } of values) graph.output(graph.input(name, 'float32', shape), readName(name));
    return new DeviceReader(await openGraph(graph, { device }));
  }

  /** The contents of the tensors that the reader was made for, by name. */
  async read(tensors: ReadonlyMap<string, RuntimeTensor>): Promise<Map<string, Float32Array>> {
    const results = await this.#session.run(Object.fromEntries(tensors));
    return new Map(
      [...tensors.keys()].map((name) => {
        const data = results[readName(name)]?.data;
        if (data instanceof Float32Array) return [name, data];
        throw new DistilleryError('INTERNAL', `'${name}' could not be read from the device.`);
      }),
    );
  }

  async dispose(): Promise<void> {
    await closeSession(this.#session);
  }
}

function readName(name: string): string {
  return `${name}.read`;
}
