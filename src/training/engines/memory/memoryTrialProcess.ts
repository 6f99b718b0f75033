import { messageOf } from '../../../errors.ts';
import { endWithParent } from '../../../platform/processes/endWithParent.ts';
import { tryMemory, type MemoryTrial, type MemoryTrialResult } from './memoryTrial.ts';

endWithParent();

/** The program that measures what its parent sends and answers with what it found. */
process.once('message', (trial) => {
  void answer(trial as MemoryTrial).then((result) => {
    process.send?.(result, () => {
      process.disconnect();
    });
  });
});

async function answer(trial: MemoryTrial): Promise<MemoryTrialResult> {
  try {
    return await tryMemory(trial);
  } catch (error) {
    return { reason: messageOf(error) };
  }
}
