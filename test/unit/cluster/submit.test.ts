import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.ts';
import { Slurm } from '../../../src/cluster/slurm/slurm.ts';
import { readSubmission } from '../../../src/cluster/submission.ts';
import { requeueThisTask } from '../../../src/cluster/tasks/requeue.ts';
import { joinRows, rowsOfShard } from '../../../src/cluster/tasks/teacherParts.ts';
import { copyBack, filesToCopy, parseHost } from '../../../src/cluster/remote.ts';
import { readRunStatus } from '../../../src/launching/readRuns.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';
import { withPrograms } from '../../support/fakePrograms.ts';
import { withTemporaryFolder } from '../../support/programs.ts';
import { tinyExperiment } from '../../support/runs.ts';

/** Remembers what it was asked, and gives numbers from 11 on. */
const sbatch = `
n=$(cat count 2>/dev/null || echo 10); n=$((n + 1)); echo $n > count
echo "$@" >> asked
echo "$n;cluster"`;
const waiting = 'echo "JobId=$4 JobState=PENDING Reason=Resources Restarts=0 ExitCode=0:0 NodeList=(null)"';
const cancelled = 'echo "JobId=$4 JobState=CANCELLED Reason=None Restarts=0 ExitCode=0:15 NodeList=(null)"';
/** Cancels by saying so from then on. */
const scontrol = `if [ -e ended ]; then ${cancelled}; else ${waiting}; fi`;
const scancel = 'echo "cancel $@" >> asked; touch ended';

async function inFolder(
  work: (
    folder: string,
    call: (...args: string[]) => Promise<{ code: number; out: string; error: string }>,
  ) => Promise<void>,
) {
  await withTemporaryFolder(async (folder) => {
    writeFileSync(
      join(folder, 'a.distill.json'),
      JSON.stringify({ ...tinyExperiment, runner: { slurm: { partition: 'cpu' } } }),
    );
    const search = { space: { 'training.learningRate': [0.1, 0.01] }, trials: 20 };
    writeFileSync(join(folder, 's.distill.json'), JSON.stringify({ ...tinyExperiment, search }));
    const directory = process.cwd();
    process.chdir(folder);
    try {
      await withPrograms(folder, { sbatch, scontrol, scancel }, () =>
        work(folder, async (...args) => {
          const terminal = fakeTerminal(folder);
          const code = await main(args, terminal);
          return { code, out: terminal.out.text, error: terminal.error.text };
        }),
      );
    } finally {
      process.chdir(directory);
    }
  });
}

describe('distillery submit', () => {
  it('leaves no folder where Slurm takes nothing', () =>
    withTemporaryFolder((folder) =>
      withPrograms(folder, { sbatch: 'echo "sbatch: error: invalid partition" >&2; exit 1', scancel }, async () => {
        writeFileSync(join(folder, 'a.distill.json'), JSON.stringify(tinyExperiment));
        const terminal = fakeTerminal(folder);
        assert.equal(await main(['submit', 'a.distill.json', '--out=run'], terminal), 2);
        assert.match(terminal.error.text, /Slurm refuses .*invalid partition/);
        assert.ok(!existsSync(join(folder, 'run')));
      }),
    ));

  it('leaves no folder whose name cannot stand in a script', () =>
    inFolder(async (folder, call) => {
      const refused = await call('submit', 'a.distill.json', '--out=a "run"');
      assert.equal(refused.code, 2);
      assert.match(refused.error, /cannot be named in a script for Slurm\. Use a folder/);
      assert.ok(!existsSync(join(folder, 'a "run"')));
    }));

  it('hands a run in, shows it as waiting with the reason, and cancel leaves no job', async () => {
    await inFolder(async (folder, call) => {
      const submitted = await call('submit', 'a.distill.json', '--out=run', '--time', '10');
      assert.deepEqual([submitted.code, submitted.out], [0, '11\n'], submitted.error);
      const script = readFileSync(join(folder, 'run/cluster/run.sh'), 'utf8');
      assert.match(script, /--partition=cpu\n[^]*--time=10\n[^]*task \S*run --do run\n$/);
      assert.equal(
        'runner' in (JSON.parse(readFileSync(join(folder, 'run/experiment.json'), 'utf8')) as object),
        false,
      );
      assert.equal((await readRunStatus(join(folder, 'run')))?.state, 'running');
      const told = await call('jobs', 'run');
      assert.match(told.out, /run +│? *11 +│? *PENDING +│? *Resources|11.*PENDING.*Resources/);
      const { queue } = (await readRunStatus(join(folder, 'run'))) ?? {};
      assert.deepEqual(queue, { engine: 'slurm', job: '11', state: 'PENDING', reason: 'Resources' });
      const again = await call('submit', 'a.distill.json', '--out=run', '--time', '10');
      assert.match(again.error, /Slurm's job 11 is still at/);
      const ended = await call('cancel', 'run');
      assert.deepEqual([ended.code, ended.error], [0, 'No job is left.\n']);
      assert.match(readFileSync(join(folder, 'asked'), 'utf8'), /cancel 11\n$/);
      const status = await readRunStatus(join(folder, 'run'));
      assert.deepEqual([status?.state, status?.queue], ['cancelled', undefined]);
    });
  });

  it('makes an array of the trials of a search, after the teacher that they share', async () => {
    await inFolder(async (folder, call) => {
      const submitted = await call('submit', 's.distill.json', '--out=s', '--array-limit=4', '--json');
      assert.equal(submitted.code, 0, submitted.error);
      assert.deepEqual((JSON.parse(submitted.out) as { jobs: unknown }).jobs, [
        { id: '11', name: 'teacher', tasks: null },
        { id: '12', name: 'trial', tasks: 20 },
      ]);
      assert.match(readFileSync(join(folder, 's/cluster/trial.sh'), 'utf8'), /--array=0-19%4\n/);
      const [first = '', second = ''] = readFileSync(join(folder, 'asked'), 'utf8').split('\n');
      assert.doesNotMatch(first, /dependency/);
      assert.match(second, /--dependency=afterok:11 --kill-on-invalid-dep=yes/);
    });
  });

  it('makes an array of sites that teach, and refuses those that are not here and have not done their part', async () => {
    await inFolder(async (folder, call) => {
      const site = (path: string) => ({ dataset: { path }, teacher: { architecture: 'mlp', hidden: [8] } });
      const write = (...sites: object[]): void => {
        writeFileSync(join(folder, 'e.distill.json'), JSON.stringify({ ...tinyExperiment, teacher: { sites } }));
      };
      write(site(tinyExperiment.dataset.path), site(tinyExperiment.dataset.path));
      const submitted = await call('submit', 'e.distill.json', '--out=e', '--json');
      assert.equal(submitted.code, 0, submitted.error);
      assert.deepEqual((JSON.parse(submitted.out) as { jobs: unknown }).jobs, [
        { id: '11', name: 'site', tasks: 2 },
        { id: '12', name: 'run', tasks: null },
      ]);
      const sharded = await call('submit', 'e.distill.json', '--out=f', '--label-shards=2');
      assert.match(sharded.error, /--label-shards +each site labels the samples in a task of its own/);
      write(site(tinyExperiment.dataset.path), site('elsewhere'));
      const refused = await call('submit', 'e.distill.json', '--out=g');
      assert.equal(refused.code, 2);
      assert.match(
        refused.error,
        /teacher\.sites\[1\]\.dataset\.path[^]*is not on this machine[^]*--do site --index 1/,
      );
      assert.equal(existsSync(join(folder, 'g')), false);
    });
  });

  it('refuses before anything is written, and takes back what was handed in when the rest is refused', async () => {
    await inFolder(async (folder, call) => {
      const refused = await call('submit', 'a.distill.json', '--out=run', '--label-shards', '2');
      assert.equal(refused.code, 2);
      assert.match(refused.error, /--label-shards +the teacher is trained first/);
      assert.equal(existsSync(join(folder, 'run')), false);
      const onlyOnce = `${sbatch}\n[ $n -gt 11 ] && { echo "sbatch: error: limit reached" >&2; exit 1; }; exit 0`;
      await withPrograms(folder, { sbatch: onlyOnce }, async () => {
        const partly = await call('submit', 's.distill.json', '--out=s');
        assert.deepEqual([partly.code, partly.error], [2, 'Slurm refuses (sbatch): limit reached.\n']);
      });
      assert.match(readFileSync(join(folder, 'asked'), 'utf8'), /cancel 11\n$/);
    });
  });

  it('prints instead: the script, an Indexed Job, and jobs of Ray', async () => {
    await inFolder(async (folder, call) => {
      const slurm = await call('submit', 'a.distill.json', '--out=run', '--print', 'slurm');
      assert.match(slurm.out, /^#!\/bin\/bash\n/);
      assert.equal(existsSync(join(folder, 'run')), false);
      const printed = await call(
        'submit',
        's.distill.json',
        '--out=s',
        '--print',
        'kubernetes',
        '--gpus=1',
        '--mem=16G',
        '--array-limit=3',
      );
      const [, trials] = printed.out.split('---\n# Apply when the job before it is complete.\n');
      const { spec } = JSON.parse(trials ?? '') as {
        spec: {
          completionMode: string;
          completions: number;
          parallelism: number;
          template: { spec: { containers: { command: string[]; resources: object }[] } };
        };
      };
      assert.deepEqual([spec.completionMode, spec.completions, spec.parallelism], ['Indexed', 20, 3]);
      const [container] = spec.template.spec.containers;
      assert.deepEqual(container?.resources, { limits: { memory: '16Gi', 'nvidia.com/gpu': 1 } });
      assert.deepEqual(container.command, ['distillery', 'task', join(folder, 's'), '--do', 'trial']);
      assert.ok(existsSync(join(folder, 's/cluster/submission.json')));
      const ray = await call('submit', 's.distill.json', '--out=s2', '--print', 'ray', '--array-limit=3');
      const bodies = JSON.parse(ray.out) as { entrypoint: string }[];
      assert.deepEqual(
        bodies.map(({ entrypoint }) => /--do (\w+) --index (\d+)$/.exec(entrypoint)?.slice(1)),
        [
          ['teacher', '0'],
          ['trial', '17'],
          ['trial', '18'],
          ['trial', '19'],
        ],
      );
    });
  });
});

describe('a task whose time is nearly up', () => {
  it('goes back into the queue, and not again when it did nothing meanwhile', async () => {
    await inFolder(async (folder, call) => {
      assert.equal((await call('submit', 'a.distill.json', '--out=run')).code, 0);
      const run = join(folder, 'run');
      const requeue = async () => {
        process.env['SLURM_JOB_ID'] = '11';
        try {
          await requeueThisTask(run, await readSubmission(run), new Slurm());
        } finally {
          delete process.env['SLURM_JOB_ID'];
        }
      };
      await withPrograms(folder, { scontrol: 'echo "scontrol $@" >> asked' }, async () => {
        writeFileSync(join(run, 'metrics.jsonl'), 'a step\n');
        await requeue();
        const { queue } = (await readRunStatus(run)) ?? {};
        assert.deepEqual(queue, { engine: 'slurm', job: '11', state: 'REQUEUED', reason: 'TimeLimit' });
        await assert.rejects(requeue(), { message: /Job 11 did nothing in its last turn/ });
        writeFileSync(join(run, 'metrics.jsonl'), 'a step\nand another\n');
        await requeue();
        // What a site or a further seed did stands in a folder of its own.
        mkdirSync(join(run, 'site-0'));
        writeFileSync(join(run, 'site-0/metrics.jsonl'), 'a step\n');
        await requeue();
        mkdirSync(join(run, 'cluster/rounds/student'), { recursive: true });
        writeFileSync(join(run, 'cluster/rounds/student/worker-0.safetensors'), 'weights');
        await requeue();
        await assert.rejects(requeue(), { message: /did nothing in its last turn/ });
      });
      const asked = readFileSync(join(folder, 'asked'), 'utf8').split('\n');
      assert.equal(asked.filter((line) => line === 'scontrol requeue 11').length, 4);
    });
  });
});

describe('a cluster over ssh', () => {
  it('gets the files that the experiment names, and the folder comes back', async () => {
    await inFolder(async (folder, call) => {
      writeFileSync(join(folder, 'notes.txt'), 'not named');
      writeFileSync(join(folder, 'labels.txt'), 'a');
      const file = join(folder, 'a.distill.json');
      assert.deepEqual(filesToCopy(file, { dataset: { path: 'labels.txt', other: '../x', also: '/etc/hosts' } }), [
        'a.distill.json',
        'labels.txt',
      ]);
      // It runs here what it is to run there.
      const ssh = 'echo "$1" >> target; shift; exec sh -c "$1"';
      const there = join(folder, 'shared folder');
      const distillery = `echo "$PWD $@" >> ${join(folder, 'called')}; mkdir -p "\${3#--out=}"; echo 42`;
      await withPrograms(folder, { ssh, distillery }, async () => {
        const host = `--host=me@login:${there}`;
        const submitted = await call('submit', 'a.distill.json', host, '--out=.distillery/runs/r', '--time=10');
        assert.deepEqual([submitted.code, submitted.out], [0, '42\n'], submitted.error);
        await call('cancel', '.distillery/runs/r', host);
      });
      assert.ok(existsSync(join(there, 'a.distill.json')));
      assert.equal(existsSync(join(there, 'notes.txt')), false);
      assert.deepEqual(readFileSync(join(folder, 'called'), 'utf8').trim().split('\n'), [
        `${there} submit a.distill.json --out=.distillery/runs/r --time=10`,
        `${there} cancel .distillery/runs/r`,
      ]);
      assert.equal(readFileSync(join(folder, 'target'), 'utf8').split('\n')[0], 'me@login');
    });
  });

  it('is told in words where it cannot be reached, or has no Distillery', async () => {
    await inFolder(async (folder, call) => {
      const host = `--host=me@login:${join(folder, 'there')}`;
      await withPrograms(folder, { ssh: 'shift; exec sh -c "$1"' }, async () => {
        const { code, error } = await call('submit', 'a.distill.json', host, '--program=no-such-program');
        assert.equal(code, 2);
        assert.match(error, /'no-such-program' is not installed on 'me@login'.*say with --program what it is called/);
      });
      await withPrograms(folder, { ssh: 'echo "ssh: no route" >&2; exit 255' }, async () => {
        const copied = await call('submit', 'a.distill.json', host);
        assert.match(copied.error, /Copying to 'me@login' failed \(tar \| ssh\): ssh: no route/);
        const asked = await call('cancel', 'run', host);
        assert.match(asked.error, /'me@login' cannot be reached: ssh: no route\. 'ssh me@login' has to work/);
      });
    });
  });

  it('keeps what a run goes on with', async () => {
    await withTemporaryFolder(async (folder) => {
      const there = join(folder, 'there');
      mkdirSync(join(there, 'run/checkpoint'), { recursive: true });
      for (const name of ['status.json', 'lease.json', 'checkpoint/progress'])
        writeFileSync(join(there, 'run', name), '');
      await withPrograms(folder, { ssh: 'shift; exec sh -c "$1"' }, () =>
        copyBack({ target: 'login', folder: there }, join(folder, 'here'), 'run'),
      );
      assert.deepEqual(readdirSync(join(folder, 'here/run')), ['status.json']);
    });
  });

  it('does not get what sites keep', async () => {
    await withTemporaryFolder((folder) => {
      for (const name of ['public.csv', 'a.csv', 'b.csv', 'b.onnx']) writeFileSync(join(folder, name), '');
      const sites = [
        { dataset: { path: 'a.csv' }, teacher: { architecture: 'mlp' } },
        { dataset: { path: 'b.csv' }, teacher: { model: 'b.onnx' } },
      ];
      const experiment = { dataset: { path: 'public.csv' }, teacher: { sites }, rounds: { sites } };
      assert.deepEqual(filesToCopy(join(folder, 'e.json'), experiment), ['e.json', 'public.csv']);
      return Promise.resolve();
    });
  });

  it('is named by a login and an absolute folder, and by nothing that ssh would take for an option', () => {
    assert.deepEqual(parseHost('me@login.hpc:/scratch/me'), { target: 'me@login.hpc', folder: '/scratch/me' });
    assert.deepEqual(
      [parseHost('login:work'), parseHost('-oProxyCommand=x:/a'), parseHost('a b:/c')],
      [undefined, undefined, undefined],
    );
  });
});

describe('shards of a labelling', () => {
  it('are put together however many numbers they have', () => {
    const joined = joinRows([new Float32Array(200_000).fill(1), Float32Array.of(2)]);
    assert.deepEqual([joined.length, joined[199_999], joined[200_000]], [200_001, 1, 2]);
  });

  it('are whole batches that make up all samples', () => {
    for (const [count, batch, shards] of [
      [1000, 256, 3],
      [10, 256, 4],
      [4096, 256, 16],
      [5, 1, 7],
    ] as const) {
      const rows = Array.from({ length: shards }, (_, index) => rowsOfShard(count, batch, { index, shards }));
      assert.deepEqual(
        rows.map(({ start }) => start),
        [0, ...rows.slice(0, -1).map(({ end }) => end)],
      );
      assert.equal(rows.at(-1)?.end, count);
      assert.ok(rows.every(({ start }) => start % batch === 0 || start === count));
    }
  });
});
