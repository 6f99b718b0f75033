import { forkProgram } from './childProgram.ts';
import { ProgressWatch, type Complaint } from './progressWatch.ts';

const WATCH_MS = 50;
/** Milliseconds beyond the usual in which a process starts. */
const START_MS = 10_000;

/** What a message means: it goes on, and how long the next step may take beyond the usual, or this is the end. */
export type Heard<Result> = { readonly allowanceMs: number } | { readonly result: Result };

export interface WatchedProgram<Message, Result> {
  /** File of the program, without its ending, and `import.meta.url` of the file that lies beside it. */
  readonly program: string;
  readonly caller: string;
  readonly args: readonly string[];
  /** Megabytes that its objects may take, and the whole process. */
  readonly heap: number;
  readonly most: number;
  readonly signal: AbortSignal | undefined;
  readonly hear: (message: Message) => Heard<Result>;
  /** The result where the program is ended or ends itself, and why, as the end of a sentence. */
  readonly refused: (reason: string) => Result;
}

/**
 * Runs a program that reads what may be damaged in a process of its own, which is ended when it takes more time or memory than it may, or
 * the signal aborts.
 */
export async function runWatched<Message, Result>({
  program,
  caller,
  args,
  heap,
  most,
  signal,
  hear,
  refused,
}: WatchedProgram<Message, Result>): Promise<Result> {
  const child = forkProgram(program, caller, {
    args,
    execArgv: [
      ...process.execArgv.filter((option) => !/^--(?:inspect|max)/.test(option)),
      `--max-old-space-size=${heap}`,
    ],
    // Values keep their types, and of what an array views only that part is sent.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const watch = new ProgressWatch(child.pid, most * 2 ** 20);
  watch.allow(START_MS);
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve) => {
      const refuse = (reason: string): void => {
        resolve(refused(reason));
      };
      stop = () => {
        refuse('it was stopped');
      };
      signal?.addEventListener('abort', stop);
      timer = setInterval(() => {
        const complaint = watch.complaint();
        if (complaint !== undefined) refuse(reasonOf(complaint, most));
      }, WATCH_MS);
      child.on('message', (message: Message) => {
        const heard = hear(message);
        if ('result' in heard) resolve(heard.result);
        else watch.allow(heard.allowanceMs);
      });
      child.on('error', (error) => {
        refuse(error.message);
      });
      child.on('exit', () => {
        refuse(`reading it takes more than ${heap} MiB, or ends the reader in another way`);
      });
    });
  } finally {
    clearInterval(timer);
    if (stop) signal?.removeEventListener('abort', stop);
    child.kill('SIGKILL');
  }
}

function reasonOf(complaint: Complaint, mostMegabytes: number): string {
  switch (complaint) {
    case 'endless':
      return 'the reader gets nowhere with it, so it is damaged';
    case 'memory':
      return `it takes more than ${mostMegabytes} MiB`;
  }
}
