import { withFindings } from '../findings/withFindings.ts';
import type { Location, Source, UnfittedSource } from '../source.ts';
import { openPacked } from './openPacked.ts';

interface Wishes {
  /** Whether a file of this name, unpacked, would be a table. */
  readonly isData: (name: string) => boolean;
  /** The file in an archive that is meant, where a person says it. */
  readonly wanted: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens a location, unpacked where it is packed. What was unpacked stays as long as samples are read from it.
 *
 * @throws BadInputError with what is wrong with an archive, or whatever `open` throws, in terms of what the person has
 */
export async function withUnpacked(
  location: Location,
  { isData, wanted, signal }: Wishes,
  open: (location: Location) => Promise<Source | UnfittedSource>,
): Promise<Source | UnfittedSource> {
  const unpacked = await openPacked(location, isData, wanted, signal);
  if (!unpacked) return open(location);
  const { findings, reworded, remove } = unpacked;
  let opened: Source | UnfittedSource;
  try {
    opened = await open(unpacked.location);
  } catch (error) {
    await remove();
    throw reworded(error);
  }
  if (!opened.dispose) {
    // All samples are in memory.
    await remove();
    return withFindings(opened, findings);
  }
  return {
    ...withFindings(opened, findings),
    dispose: async () => {
      await opened.dispose?.();
      await remove();
    },
  };
}
