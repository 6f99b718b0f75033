import { DistilleryError } from '../errors.ts';
import { endsWithin, killProcessTree, terminate } from './processes.ts';
import { TrainerConnection } from './trainerConnection.ts';
import type { ProcessIdentity } from '../platform/processes/processIdentity.ts';
import { controlEndpoint } from '../protocol/endpoint.ts';
import { describeHolder, leaseStateOf } from '../runFolder/runLease.ts';

/** How long a run may take to stop before its process is killed. */
const STOP_MS = 15_000;

/**
 * Asks the process that writes to a folder to stop, and ends it when it does not.
 *
 * @returns false when no process was at it
 * @throws DistilleryError `BAD_INPUT` when that process is on another machine
 */
export async function endWriter(folder: string): Promise<boolean> {
  const state = leaseStateOf(folder);
  if (state.kind === 'elsewhere') {
    const holder = describeHolder(folder);
    throw new DistilleryError('BAD_INPUT', `It cannot be stopped from here: ${holder?.message ?? ''}.`, {
      hint: 'Stop it on that machine.',
    });
  }
  const connection = await TrainerConnection.open(controlEndpoint(folder));
  try {
    if (state.kind !== 'held') {
      connection?.send({ kind: 'cancel' });
      await connection?.ended;
      return connection !== undefined;
    }
    await endProcess(state.lease, connection, STOP_MS);
    return true;
  } finally {
    connection?.dispose();
  }
}

/** Asks a process to stop, by the line to it where there is one, and kills it with all that it started where it takes longer than `stopMs`. */
export async function endProcess(
  identity: ProcessIdentity,
  connection: Pick<TrainerConnection, 'send'> | undefined,
  stopMs: number,
): Promise<void> {
  if (connection) connection.send({ kind: 'cancel' });
  else terminate(identity);
  if (await endsWithin(identity, stopMs)) return;
  killProcessTree(identity);
  await endsWithin(identity, stopMs);
}
