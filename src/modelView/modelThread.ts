// The thread of a model's page: reads and lays out models, so that the extension host stays free. It loads nothing native.
import { parentPort } from 'node:worker_threads';
import type { ModelQuestion } from '../protocol/modelView.ts';
import { ModelReader } from './modelReader.ts';

const reader = new ModelReader();
let last = Promise.resolve();

// One question after the other: the answers come in the order of the questions.
parentPort?.on('message', (question: ModelQuestion) => {
  last = last.then(async () => {
    parentPort?.postMessage(await reader.answer(question));
  });
});
