import { parentPort, workerData } from 'node:worker_threads';
import { augmentBatch } from './batchAugmentation.ts';
import type { AugmentationRequest, AugmentationSetup } from './augmentationMessages.ts';

/** The program of the thread that alters a batch while the one before is trained on. */

const { batchAugmentation, sampleShape, samples, labels } = workerData as AugmentationSetup;
const batch = { samples: new Float32Array(samples), labels: labels && new Float32Array(labels) };

parentPort?.on('message', (request: AugmentationRequest) => {
  switch (request.kind) {
    case 'alter':
      augmentBatch(batchAugmentation, batch, sampleShape, request.moment);
      parentPort?.postMessage(request.moment.step);
      break;
    case 'stop':
      parentPort?.close();
      break;
  }
});
