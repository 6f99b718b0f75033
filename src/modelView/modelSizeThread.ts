// The thread that counts the parameters of many models for a list. It reads no contents of tensors and loads nothing native.
import { parentPort } from 'node:worker_threads';
import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { describeModel } from './describeModel.ts';
import { openModel } from './openModel.ts';

parentPort?.on('message', (message: unknown) => {
  const path = z.string().parse(message);
  try {
    const { parameters, bytes, externalFiles } = describeModel(openModel(path));
    const beside = externalFiles.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
    parentPort?.postMessage({ path, parameters, bytes: bytes + beside });
  } catch (error) {
    parentPort?.postMessage({ path, problem: messageOf(error) });
  }
});
