import { inspectData } from '../../preflight/inspection/inspectData.ts';
import { renderData } from './renderData.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Prints what data are taken for.
 *
 * @param dataset the section of an experiment that they would have; paths start from the terminal's folder
 * @throws BadInputError with everything for which a run would refuse them
 */
export async function printData(
  dataset: Parameters<typeof inspectData>[0],
  asJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const { out, directory } = terminal;
  const interrupted = new AbortController();
  const stopListening = terminal.onInterrupt(() => {
    interrupted.abort();
  });
  try {
    const data = await inspectData(dataset, { baseDirectory: directory, signal: interrupted.signal });
    out.write(asJson ? `${JSON.stringify(data, null, 2)}\n` : renderData(data, out));
  } finally {
    stopListening();
  }
}
