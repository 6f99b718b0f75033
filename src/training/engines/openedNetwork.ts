import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { closeSession } from './session.ts';
import type { SessionShelf } from './sessionShelf.ts';

/** A network that was opened for prediction: a session of ONNX Runtime, in this process or in one of its own. */
export interface OpenedNetwork {
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** A session of this process as such a network, which owns it. @param shelf to which it is given back, where it came from there */
export function networkOf(session: InferenceSession, shelf?: SessionShelf): OpenedNetwork {
  return {
    run: (feeds, outputs) => session.run(feeds, [...outputs]),
    release: () => (shelf ? shelf.giveBack(session) : closeSession(session)),
  };
}
