import * as z from 'zod';

export const queueEntrySchema = z.object({
  /** Counted up, never used twice in a queue. */
  id: z.int().positive(),
  name: z.string(),
  /** The experiment as it was when it was added: what is queued is what runs, whatever becomes of its file. */
  experiment: z.unknown(),
  /** Folder that its paths start from. */
  baseDirectory: z.string(),
  /** Where the experiment's section `search` is to be searched, not the experiment run: how many trials are trained at once. */
  search: z.object({ atOnce: z.int().positive() }).exactOptional(),
  addedAt: z.string(),
  /** `refused`: it never began, for the reason in `problem`; it stays until somebody removes it. */
  state: z.enum(['waiting', 'running', 'refused']),
  /** Folder of its run or search, once it has one: what was interrupted goes on there. */
  run: z.string().exactOptional(),
  problem: z.string().exactOptional(),
});

/** An experiment in the queue. Those that have run are not in it any more: their runs tell how they ended. */
export type QueueEntry = z.output<typeof queueEntrySchema>;

/** What is put into the queue. */
export type NewQueueEntry = Pick<QueueEntry, 'name' | 'experiment' | 'baseDirectory' | 'search'>;

export const queueSchema = z.object({
  version: z.literal(1),
  nextId: z.int().positive(),
  /** Whether an editor that has the folder open works it off. */
  isOn: z.boolean(),
  entries: z.array(queueEntrySchema),
});

export type Queue = z.output<typeof queueSchema>;

export const emptyQueue: Queue = { version: 1, nextId: 1, isOn: false, entries: [] };

/** What is to run next: what a runner that is gone left running, else what has waited longest; undefined for nothing. */
export function nextEntry({ entries }: Queue): QueueEntry | undefined {
  return entries.find(({ state }) => state === 'running') ?? entries.find(({ state }) => state === 'waiting');
}

/** The queue with an experiment at its end. */
export function added(queue: Queue, { name, experiment, baseDirectory, search }: NewQueueEntry, now: Date): Queue {
  const entry: QueueEntry = {
    id: queue.nextId,
    name,
    experiment,
    baseDirectory,
    ...(search && { search }),
    addedAt: now.toISOString(),
    state: 'waiting',
  };
  return { ...queue, nextId: queue.nextId + 1, entries: [...queue.entries, entry] };
}

/** The queue without an entry. */
export function without(queue: Queue, id: number): Queue {
  return { ...queue, entries: queue.entries.filter((entry) => entry.id !== id) };
}

/** The queue with entries, in their order, at another place. @param place 0 for the front; places are those of the entries that stay */
export function moved(queue: Queue, ids: readonly number[], place: number): Queue {
  const isMoved = ({ id }: QueueEntry): boolean => ids.includes(id);
  const rest = queue.entries.filter((entry) => !isMoved(entry));
  return {
    ...queue,
    entries: [
      ...rest.slice(0, Math.max(0, place)),
      ...queue.entries.filter(isMoved),
      ...rest.slice(Math.max(0, place)),
    ],
  };
}

/** The queue with entries before another one, or at the end where there is none. What runs stays first. */
export function movedBefore(queue: Queue, ids: readonly number[], target: number | undefined): Queue {
  const running = nextEntry(queue)?.state === 'running' ? nextEntry(queue)?.id : undefined;
  const free = ids.filter((id) => id !== running);
  if (target !== undefined && free.includes(target)) return queue;
  const rest = queue.entries.filter(({ id }) => !free.includes(id));
  const place = rest.findIndex(({ id }) => id === target);
  return moved(queue, free, place < 0 ? rest.length : Math.max(place, rest[place]?.id === running ? 1 : 0));
}

/** The queue with an entry changed. An undefined field is taken away. */
export function changed(
  queue: Queue,
  id: number,
  change: { readonly [Field in 'state' | 'run' | 'problem']?: QueueEntry[Field] | undefined },
): Queue {
  return {
    ...queue,
    entries: queue.entries.map((entry) => {
      if (entry.id !== id) return entry;
      const { run, problem, ...rest } = { ...entry, ...change };
      return {
        ...rest,
        state: change.state ?? entry.state,
        ...(run !== undefined && { run }),
        ...(problem !== undefined && { problem }),
      };
    }),
  };
}
