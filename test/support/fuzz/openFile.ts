import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from '../../../src/data/openDataset.ts';
import { BadInputError, DistilleryError } from '../../../src/errors.ts';
import { parseExperiment } from '../../../src/experiment/parseExperiment.ts';
import { readExperimentFile } from '../../../src/experiment/readExperimentFile.ts';
import { ModelReader } from '../../../src/modelView/modelReader.ts';
import { loadModel } from '../../../src/onnx/file.ts';
import { inspectModel } from '../../../src/onnx/inspect.ts';
import { elementCount } from '../../../src/onnx/tensor.ts';
import { preflight } from '../../../src/preflight/preflight.ts';
import { readCurveEvents, readExperiment, readReport } from '../../../src/runFolder/readRun.ts';
import { describeHolder } from '../../../src/runFolder/runLease.ts';
import { readStoredProgress } from '../../../src/runFolder/checkpointFolder.ts';
import { decodeTensors } from '../../../src/training/checkpoints/safetensors.ts';
import { datasetOptions } from '../datasets.ts';
import type { Opening } from './validFiles.ts';

const ANY_SIGNAL = new AbortController().signal;

/**
 * Opens files of a folder as the program does. @returns what it was refused with; undefined when it was accepted
 * @throws anything that is no refusal in words
 */
export async function openFile(folder: string, name: string, opening: Opening): Promise<string | undefined> {
  try {
    await open(folder, name, opening);
    return undefined;
  } catch (error) {
    const said = refusalOf(error);
    if (said === undefined) throw error;
    return said;
  }
}

/** The words of a refusal; undefined for what is none, or has another program's insides in it. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof DistilleryError) || error.code === 'INTERNAL') return undefined;
  const messages = error instanceof BadInputError ? error.problems.map(({ message }) => message) : [error.message];
  const isInWords = messages.every(
    (message) =>
      message.length > 10 &&
      !/\n\s*at |is not a function|is not iterable|Cannot \w+ prop|Invalid \w+ length|stack size|\.cc:\d+|\[object |undefined/.test(
        message,
      ),
  );
  return isInWords ? messages.join('\n') : undefined;
}

async function open(folder: string, name: string, opening: Opening): Promise<void> {
  switch (opening.kind) {
    case 'dataset': {
      const options = datasetOptions(opening.path, {
        length: 8,
        ...(opening.tokenizer !== undefined && { tokenizer: opening.tokenizer }),
      });
      const dataset = await openDataset(options, { baseDirectory: folder, seed: 0 });
      for (const split of [dataset.training, dataset.validation, dataset.test]) {
        const count = Math.min(split.count, 64);
        const target = new Float32Array(count * elementCount(dataset.sampleShape));
        await split.read(
          Int32Array.from({ length: count }, (_, index) => index),
          target,
        );
      }
      await dataset.dispose();
      return;
    }
    case 'teacher': {
      inspectModel(await loadModel(join(folder, name)));
      const student = { architecture: 'mlp', hidden: [4] };
      const dataset = { path: opening.dataset };
      await check({ teacher: { model: name }, dataset, student, device: 'cpu' }, folder);
      return;
    }
    case 'model':
      await view(join(folder, name));
      return;
    case 'experiment':
      await check(await readExperimentFile(join(folder, name)), folder);
      return;
    case 'tensors':
      decodeTensors(await readFile(join(folder, name)), name);
      return;
    case 'run':
      describeHolder(folder);
      await readReport(folder);
      await readExperiment(folder);
      await readCurveEvents(folder);
      await readStoredProgress(folder);
  }
}

async function check(experiment: unknown, baseDirectory: string): Promise<void> {
  const options = { baseDirectory, signal: ANY_SIGNAL, onProgress: () => undefined };
  const { dataset } = await preflight(parseExperiment(experiment), options);
  await dataset.dispose();
}

async function view(path: string): Promise<void> {
  const reader = new ModelReader();
  const described = await reader.answer({ kind: 'describe', path });
  if (described.kind === 'refused') throw new DistilleryError('BAD_FILE', described.message);
  if (described.kind !== 'description') return;
  await reader.answer({ kind: 'draw', path, scope: '' });
  for (const { name } of described.description.tensors.slice(0, 8)) await reader.answer({ kind: 'tensor', path, name });
}
