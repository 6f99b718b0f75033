import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cliProgram, withTemporaryFolder } from '../support/programs.ts';
import { smallDigits } from '../support/smallDigits.ts';

const tsx = import.meta.resolve('tsx');
const root = fileURLToPath(new URL('../../', import.meta.url));
const runtime = new URL('../../src/platform/onnxRuntime.ts', import.meta.url).href;
const threads = new URL('../../src/platform/startThread.ts', import.meta.url).href;

/** An experiment that takes seconds. */
const tiny = {
  teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 1 } },
  dataset: { path: smallDigits(), limit: 200 },
  objective: [{ loss: 'kd', temperature: 4 }],
  student: { architecture: 'mlp', hidden: [16] },
  training: { epochs: 1, batchSize: 20 },
  device: 'auto',
};

/** A person's folders in which nothing was written yet, and the working folder. */
interface Fresh {
  readonly work: string;
  readonly written: () => Promise<readonly string[]>;
  readonly node: (...args: readonly string[]) => string;
}

/** ONNX Runtime's telemetry is silent where `CI` is set, and then this would show nothing. */
async function withFreshHome(work: (fresh: Fresh) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const [home, temporary, cwd] = ['home', 'temporary', 'work'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const each of [home, temporary, cwd]) await mkdir(each);
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' };
    for (const name of Object.keys(env)) {
      if (/^(?:CI|DISTILLERY_PROGRAMS|GITHUB_ACTIONS|TF_BUILD|ORT_DISABLE_TELEMETRY|XDG_.*)$/.test(name))
        Reflect.deleteProperty(env, name);
    }
    await work({
      work: cwd,
      written: async () => {
        const entries = await Promise.all(
          [home, temporary].map((each) => readdir(each, { recursive: true, withFileTypes: true })),
        );
        return entries.flat().flatMap((entry) => (entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)]));
      },
      node: (...args) => {
        const { status, stdout, stderr } = spawnSync(process.execPath, args, {
          cwd,
          env,
          encoding: 'utf8',
        });
        assert.equal(status, 0, stderr);
        return stdout;
      },
    });
  });
}

describe('telemetry of ONNX Runtime', function () {
  it('leaves nothing behind after a run and an inspection', () =>
    withFreshHome(async ({ work, node, written }) => {
      await writeFile(join(work, 'tiny.distill.json'), JSON.stringify(tiny));
      node(...cliProgram, 'run', 'tiny.distill.json', '--out', 'run');
      assert.match(node(...cliProgram, 'inspect', join('run', 'student.onnx')), /Parameters/i);
      assert.deepEqual(await written(), []);
    }));

  it('leaves nothing behind when a thread loads the library', () =>
    withFreshHome(async ({ work, node, written }) => {
      await writeFile(
        join(work, 'inThread.ts'),
        `import { InferenceSession } from ${JSON.stringify(runtime)};
         void InferenceSession.create('no.onnx').catch(() => console.log('loaded'));`,
      );
      await writeFile(
        join(work, 'main.ts'),
        `import { startThread } from ${JSON.stringify(threads)};
         startThread('inThread', import.meta.url, undefined);`,
      );
      assert.match(node('--import', tsx, 'main.ts'), /loaded/);
      assert.deepEqual(await written(), []);
    }));

  it('is refused in a thread of a process that has not turned it off', () =>
    withFreshHome(async ({ work, node, written }) => {
      const program = join(work, 'main.mjs');
      await writeFile(
        program,
        `import { Worker } from 'node:worker_threads';
         const worker = new Worker(new URL('src/platform/threadFromSource.mjs', ${JSON.stringify(pathToFileURL(root).href)}), { argv: [${JSON.stringify(runtime)}] });
         worker.on('error', ({ message }) => console.log(message));`,
      );
      assert.match(node('--import', tsx, program), /before its process has turned off telemetry/);
      assert.deepEqual(await written(), []);
    }));
});
