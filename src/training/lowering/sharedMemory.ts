import type { Node, Value } from '../../onnx/node.ts';
import { byteCount } from '../../onnx/tensor.ts';

const viewing: ReadonlySet<string> = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity']);

/** Whether a node's output is its input's memory, seen with another shape. */
export function isView({ operator }: Node): boolean {
  return viewing.has(operator);
}

/** Which values lie in the same memory, when they are there, and which node reads it last as the nodes stand. */
export class SharedMemory {
  readonly #owners = new Map<string, string>();
  readonly #ready = new Map<string, number>();
  readonly #lastReaders = new Map<string, number>();
  readonly #bytes = new Map<string, number>();

  constructor(nodes: readonly Node[]) {
    nodes.forEach((node, index) => {
      const views = isView(node);
      for (const input of node.inputs) if (input && !views) this.#lastReaders.set(this.ownerOf(input), index);
      for (const output of node.outputs) {
        if (!output) continue;
        const [viewed] = node.inputs;
        if (views && viewed) {
          this.#owners.set(output.name, this.ownerOf(viewed));
          this.#ready.set(output.name, Math.max(...node.inputs.map((input) => (input ? this.readyAt(input) : -1))));
        } else {
          this.#ready.set(output.name, index);
          this.#bytes.set(output.name, byteCount(output));
        }
      }
    });
  }

  /** Name of the value whose memory it is. */
  ownerOf({ name }: Value): string {
    return this.#owners.get(name) ?? name;
  }

  /** Index of the node behind which a value can be read; -1 of an input or a constant. Some views wait for more than what they view. */
  readyAt({ name }: Value): number {
    return this.#ready.get(name) ?? -1;
  }

  lastReader(owner: string): number | undefined {
    return this.#lastReaders.get(owner);
  }

  /** 0 of an input or a constant, which is not forgotten. */
  bytesOf(owner: string): number {
    return this.#bytes.get(owner) ?? 0;
  }
}
