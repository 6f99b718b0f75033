import { parentPort, workerData } from 'node:worker_threads';
import { alterBatch } from './alteration.ts';
import type { AlteringRequest, AlteringSetup } from './alteringMessages.ts';

/** The program of the thread that alters a batch while the one before is trained on. */

const { alteration, sampleShape, samples, labels } = workerData as AlteringSetup;
const batch = { samples: new Float32Array(samples), labels: labels && new Float32Array(labels) };

parentPort?.on('message', (request: AlteringRequest) => {
  switch (request.kind) {
    case 'alter':
      alterBatch(alteration, batch, sampleShape, request.moment);
      parentPort?.postMessage(request.moment.step);
      break;
    case 'stop':
      parentPort?.close();
      break;
  }
});
