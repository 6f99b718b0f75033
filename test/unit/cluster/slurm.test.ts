import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { batchScript, secondsOf, type BatchJob } from '../../../src/cluster/slurm/batchScript.ts';
import { isOver, mayRun, parseSacct, parseScontrol } from '../../../src/cluster/slurm/parseJobs.ts';
import { settingsOf } from '../../../src/cluster/slurm/settings.ts';
import { Slurm } from '../../../src/cluster/slurm/slurm.ts';
import { slurmSchema } from '../../../src/experiment/schema/runner.ts';
import { withPrograms } from '../../support/fakePrograms.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

const job: BatchJob = {
  name: 'größe & more:trial',
  settings: slurmSchema.parse({
    partition: 'gpu',
    gpus: 'a100:2',
    cpus: 4,
    memory: '16G',
    time: '1-12',
    setup: ['module load x'],
  }),
  directory: '/shared/my data',
  log: '/shared/runs/a b/cluster/trial-%A_%a.log',
  tasks: 20,
  command: ['/opt/node', "/opt/it's.mjs", 'task', '/shared/runs/a b', '--do', 'trial'],
};

describe('the script for Slurm', () => {
  it('says what is asked for, and is one that a shell reads', () => {
    const script = batchScript(job);
    assert.deepEqual(
      script.split('\n').filter((line) => line.startsWith('#SBATCH')),
      [
        '#SBATCH --job-name="gro-e-more:trial"',
        '#SBATCH --chdir="/shared/my data"',
        '#SBATCH --output="/shared/runs/a b/cluster/trial-%A_%a.log"',
        '#SBATCH --open-mode=append',
        '#SBATCH --signal=B:USR2@120',
        '#SBATCH --array=0-19%8',
        '#SBATCH --partition=gpu',
        '#SBATCH --gres=gpu:a100:2',
        '#SBATCH --cpus-per-task=4',
        '#SBATCH --mem=16G',
        '#SBATCH --time=1-12',
        '#SBATCH --requeue',
      ],
    );
    const [last = ''] = script.trim().split('\n').slice(-1);
    assert.match(script, /\nmodule load x\nexec /);
    // A shell comes to the very words.
    const words = execFileSync('sh', ['-c', last.replace('exec', 'printf "%s\\n"')], { encoding: 'utf8' });
    assert.deepEqual(words.trim().split('\n'), job.command);
  });

  it('leaves out what is not asked for, and refuses paths that would break out of it', () => {
    const plain = batchScript({ ...job, settings: slurmSchema.parse({ requeue: false }), tasks: undefined });
    assert.doesNotMatch(plain, /array|partition|gres|mem|time=/);
    assert.match(plain, /--no-requeue/);
    assert.throws(() => batchScript({ ...job, directory: '/a"\n#SBATCH --x' }), { code: 'BAD_INPUT' });
    for (const settings of [{ partition: 'a b' }, { time: '1 hour' }, { memory: '16 GB' }, { setup: ['a\nb'] }]) {
      assert.equal(slurmSchema.safeParse(settings).success, false, JSON.stringify(settings));
    }
  });

  it('warns a short task later than a long one', () => {
    assert.deepEqual(['90', '2:30', '4:00:00', '2-12', '1-2:30:15'].map(secondsOf), [5400, 150, 14400, 216000, 95415]);
    const warned = batchScript({ ...job, settings: slurmSchema.parse({ time: '3' }) });
    assert.match(warned, /--signal=B:USR2@60\n/);
  });
});

describe('settings for Slurm', () => {
  it('are those of the options first, then of the file', () => {
    const settings = settingsOf(
      { partition: 'cpu', time: '10' },
      new Map([
        ['partition', 'gpu'],
        ['cpus', '3'],
      ]),
    );
    assert.deepEqual([settings.partition, settings.time, settings.cpus, settings.arrayLimit], ['gpu', '10', 3, 8]);
  });

  it('that are none are refused by the names of their options', () => {
    assert.throws(
      () =>
        settingsOf(
          {},
          new Map([
            ['time', 'soon'],
            ['mem', 'much'],
          ]),
        ),
      {
        problems: [
          { where: '--mem', message: "must be a size as Slurm writes it, such as '16G' (found 'much')" },
          {
            where: '--time',
            message: "must be a time as Slurm writes it, such as '90', '4:00:00' or '2-12' (found 'soon')",
          },
        ],
      },
    );
  });
});

const shown = [
  'JobId=31 ArrayJobId=31 ArrayTaskId=4-19%4 ArrayTaskThrottle=4 JobName=s:trial JobState=PENDING Reason=JobArrayTaskLimit Restarts=0 ExitCode=0:0 NodeList=(null)',
  'JobId=34 ArrayJobId=31 ArrayTaskId=2 JobName=s:trial JobState=RUNNING Reason=None Restarts=2 ExitCode=0:0 NodeList=n[1-2] BatchHost=n1',
  'JobId=33 ArrayJobId=31 ArrayTaskId=1 JobName=s:trial JobState=FAILED Reason=NonZeroExitCode Restarts=0 ExitCode=143:0 NodeList=n1',
].join('\n');

describe('what Slurm says of jobs', () => {
  it('is read from scontrol', () => {
    assert.deepEqual(parseScontrol(`${shown}\n\n`), [
      {
        id: '31_[4-19%4]',
        state: 'PENDING',
        reason: 'JobArrayTaskLimit',
        nodes: undefined,
        restarts: 0,
        exitCode: undefined,
      },
      { id: '31_2', state: 'RUNNING', reason: undefined, nodes: 'n[1-2]', restarts: 2, exitCode: undefined },
      { id: '31_1', state: 'FAILED', reason: 'NonZeroExitCode', nodes: 'n1', restarts: 0, exitCode: 143 },
    ]);
    assert.deepEqual(parseScontrol(shown).map(isOver), [false, false, true]);
    assert.deepEqual(parseScontrol(shown).map(mayRun), [false, true, false]);
  });

  it('is read from sacct', () => {
    const text =
      '7_1|COMPLETED|None|n1|0|0:0\n7_1.batch|COMPLETED||n1||0:0\n7_2|CANCELLED by 1000|None|None assigned|1|0:15\n';
    assert.deepEqual(parseSacct(text), [
      { id: '7_1', state: 'COMPLETED', reason: undefined, nodes: 'n1', restarts: 0, exitCode: 0 },
      { id: '7_2', state: 'CANCELLED', reason: undefined, nodes: undefined, restarts: 1, exitCode: 143 },
    ]);
  });

  it('is asked of scontrol, of sacct what that has forgotten, and nothing is known without accounting', async () => {
    await withTemporaryFolder(async (folder) => {
      const forgets = 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1';
      const slurm = new Slurm();
      const ask = (scripts: Record<string, string>) => withPrograms(folder, scripts, () => slurm.statesOf('7'));
      assert.deepEqual((await ask({ scontrol: `cat <<'END'\n${shown}\nEND` })).length, 3);
      const accounted = await ask({ scontrol: forgets, sacct: "echo '7|TIMEOUT|None|n1|0|0:1'" });
      assert.deepEqual(
        accounted.map(({ state, exitCode }) => [state, exitCode]),
        [['TIMEOUT', 129]],
      );
      assert.deepEqual(
        await ask({ scontrol: forgets, sacct: 'echo "accounting storage is disabled" >&2; exit 1' }),
        [],
      );
      await assert.rejects(
        ask({ scontrol: 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1' }),
        {
          code: 'BAD_INPUT',
          message: 'Slurm refuses (scontrol): slurm_load_jobs error: Unable to contact slurm controller.',
        },
      );
    });
  });

  it('a refusal is told in its words, and that there is none in ours', async () => {
    await withTemporaryFolder(async (folder) => {
      const refuses = 'echo "sbatch: error: invalid partition specified: x" >&2; exit 1';
      await withPrograms(folder, { sbatch: refuses }, async () => {
        await assert.rejects(new Slurm().submit('a.sh', []), {
          message: 'Slurm refuses (sbatch): invalid partition specified: x.',
        });
      });
      await assert.rejects(new Slurm(() => Promise.reject(new Error('ENOENT'))).submit('a.sh', []), {
        code: 'UNSUPPORTED',
        message: "There is no Slurm here: 'sbatch' cannot be started.",
      });
    });
  });
});
