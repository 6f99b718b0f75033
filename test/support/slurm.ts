import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Slurm of one node, of processes of its own on this machine. */
export interface LocalSlurm {
  /** Its configuration, for `SLURM_CONF`. */
  readonly configuration: string;
  /** Runs one of its programs and returns what that prints. */
  ask(program: string, ...args: string[]): string;
  /** Ends its processes, by their numbers. */
  stop(): Promise<void>;
}

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'scontrol', 'scancel', 'sinfo'];

/** Why no Slurm can be started here; undefined where one can. */
export function lacksSlurm(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'Slurm is started by root of Linux alone';
  const missing = PROGRAMS.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  return missing.length === 0 ? undefined : `${missing.join(', ')} are not installed (slurm-wlm, munge)`;
}

/** Starts a Slurm of one node in a folder, with keys, ports and files of its own. It has no accounting. */
export async function startSlurm(folder: string): Promise<LocalSlurm> {
  const path = (name: string): string => join(folder, name);
  for (const name of ['state', 'spool', 'munge']) mkdirSync(path(name), { recursive: true });
  const host = hostname().split('.')[0] ?? 'localhost';
  const [controller, daemon] = [await freePort(), await freePort()];
  const socket = path('munge/socket');
  writeFileSync(path('munge/key'), randomBytes(128), { mode: 0o600 });
  chmodSync(path('munge'), 0o755);
  const lines = {
    ClusterName: 'test',
    SlurmctldHost: host,
    AuthType: 'auth/munge',
    AuthInfo: `socket=${socket}`,
    SlurmUser: 'root',
    SlurmdUser: 'root',
    StateSaveLocation: path('state'),
    SlurmdSpoolDir: path('spool'),
    SlurmctldPidFile: path('slurmctld.pid'),
    SlurmdPidFile: path('slurmd.pid'),
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core',
    ReturnToService: '2',
    KillWait: '10',
    SlurmctldPort: controller,
    SlurmdPort: daemon,
    JobAcctGatherType: 'jobacct_gather/none',
    AccountingStorageType: 'accounting_storage/none',
    SchedulerParameters: 'sched_interval=1,batch_sched_delay=0',
    NodeName: `${host} CPUs=${availableParallelism()} State=UNKNOWN`,
    PartitionName: 'debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
  };
  const configuration = path('slurm.conf');
  writeFileSync(
    configuration,
    Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const env = { ...process.env, SLURM_CONF: configuration };
  const ask = (program: string, ...args: string[]): string => execFileSync(program, args, { env, encoding: 'utf8' });
  const stop = async (): Promise<void> => {
    for (const name of ['slurmd.pid', 'slurmctld.pid', 'munge/pid']) await end(path(name));
  };
  try {
    const munge = [
      '--force',
      `--socket=${socket}`,
      `--key-file=${path('munge/key')}`,
      `--pid-file=${path('munge/pid')}`,
    ];
    ask('munged', ...munge, `--log-file=${path('munge/log')}`, `--seed-file=${path('munge/seed')}`);
    ask('slurmctld', '-f', configuration, '-L', path('slurmctld.log'));
    ask('slurmd', '-f', configuration, '-L', path('slurmd.log'));
    for (
      let tried = 0;
      !/idle/.test(spawnSync('sinfo', ['-h', '-o', '%T'], { env, encoding: 'utf8' }).stdout);
      tried++
    ) {
      if (tried > 300) throw new Error(`Slurm's node does not come up; see '${path('slurmd.log')}'.`);
      await sleep(100);
    }
    return { configuration, ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function end(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    for (let waited = 0; waited < 100 && isAlive(pid); waited++) await sleep(50);
  }
}

/** One that has ended and that nobody waits for is still listed. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}
