import type { Split } from '../data/samples/split.ts';
import { selectSamples } from '../data/samples/selectSamples.ts';
import { DistilleryError, messageOf } from '../errors.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { OutputCache, OutputsRequest } from './cache/outputCache.ts';
import type { Outputs } from './cache/outputsFile.ts';
import { FiledTables, type RowTables } from './rowTables.ts';

/** Samples whose outputs are in memory at once. */
const PIECE = 256;

/** Outputs for all samples of a split in a file. Whoever gets them disposes of them. */
export type FiledOutputs = Pick<RowTables, 'read' | 'announce' | 'dispose'>;

export interface FileOutputsOptions {
  readonly cache: OutputCache;
  readonly request: OutputsRequest;
  readonly split: Split;
  /** Opens the network, where there is no file yet. */
  readonly open: () => Promise<Predictor>;
  /** What becomes of outputs before they are written. */
  readonly keep: (outputs: Outputs) => Outputs;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/**
 * Outputs of a network for all samples of a split, in the file of an earlier run, or in one that is written now, piece by piece.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts, `BAD_FILE` when the file cannot be written
 */
export async function fileOutputs(options: FileOutputsOptions): Promise<FiledOutputs> {
  const { cache, request, open } = options;
  const found = await cache.findRows(request);
  if (found) return found;
  const predictor = await open();
  const tables = new FiledTables(
    (widths) => cache.createRows(request, widths),
    (bytes) => {
      cache.noteWritten(request, bytes);
      return Promise.resolve();
    },
  );
  try {
    await predictInto(tables, predictor, options);
    return tables;
  } catch (error) {
    await tables.dispose();
    if (error instanceof DistilleryError) throw error;
    throw new DistilleryError(
      'BAD_FILE',
      `What '${request.teacher.path}' says could not be stored: ${messageOf(error)}.`,
      {
        cause: error,
        hint: 'Make room where it is kept (distillery cache prune), or name another folder (cache.folder).',
      },
    );
  } finally {
    await predictor.dispose();
  }
}

async function predictInto(
  tables: FiledTables,
  predictor: Predictor,
  { split, keep, signal, onProgress }: FileOutputsOptions,
): Promise<void> {
  for (let start = 0; start < split.count; start += PIECE) {
    const indices = Int32Array.from({ length: Math.min(PIECE, split.count - start) }, (_, index) => start + index);
    await tables.write(indices, keep(await predictor.predictAll(selectSamples(split, indices), { signal })));
    onProgress(start + indices.length);
  }
  await tables.finish();
}
