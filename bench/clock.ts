/** What times are taken with: what passes, or what the processor worked for a program, which others on the machine disturb little. */
export type Clock = 'wall' | 'processor';

/** A clock in milliseconds. */
export function clockOf(clock: Clock): () => number {
  return clock === 'wall' ? () => performance.now() : processorMilliseconds;
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
