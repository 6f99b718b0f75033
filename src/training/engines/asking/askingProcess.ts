import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError, messageOf } from '../../../errors.ts';
import { endWithParent } from '../../../platform/processes/endWithParent.ts';
import { Tensor } from '../../../platform/onnxRuntime.ts';
import { closeSession, limitThreads, openSession } from '../session.ts';
import type { AskingAnswer, AskingRequest, DescribedTensor, SentTensor } from './askingMessages.ts';

/** The program of the process that asks a network, of which nobody knows whether it comes to an end. */

let session: InferenceSession | undefined;

async function answer(request: AskingRequest): Promise<AskingAnswer | undefined> {
  if (request.kind === 'close') {
    if (session) await closeSession(session);
    session = undefined;
    return undefined;
  }
  if (request.kind === 'open') {
    limitThreads(request.threads);
    session = await openSession(request.model, { device: request.device });
    return { kind: 'opened', inputs: described(session.inputMetadata), outputs: described(session.outputMetadata) };
  }
  if (!session) throw new DistilleryError('INTERNAL', 'The network is asked before it was opened.');
  const feeds = Object.entries(request.feeds).map(([name, { type, dims, data }]) => {
    return [name, new Tensor(type as 'float32', data as Float32Array, dims)] as const;
  });
  const said = await session.run(Object.fromEntries(feeds), [...request.outputs]);
  return { kind: 'said', outputs: Object.fromEntries(Object.entries(said).map(([name, one]) => [name, sent(one)])) };
}

function described(all: InferenceSession['inputMetadata']): DescribedTensor[] {
  return all.flatMap((one) => (one.isTensor ? [{ name: one.name, type: one.type, shape: one.shape }] : []));
}

function sent({ type, dims, data }: RuntimeTensor): SentTensor {
  return { type, dims, data };
}

let answered = Promise.resolve();

process.on('message', (request) => {
  answered = answered
    .then(() => answer(request as AskingRequest))
    .catch((error: unknown): AskingAnswer => {
      const cause = error instanceof DistilleryError ? (error.cause ?? error) : error;
      return { kind: 'failed', reason: messageOf(cause) };
    })
    .then((said) => {
      if (said) process.send?.(said);
    });
});
process.once('disconnect', () => process.exit());

endWithParent();
process.send?.({ kind: 'started' } satisfies AskingAnswer);
