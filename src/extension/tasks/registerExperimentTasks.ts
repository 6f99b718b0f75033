import * as vscode from 'vscode';
import type { ExperimentTasks } from './experimentTasks.ts';
import { TASK_TYPE } from './taskInvocation.ts';

/** Registers the workspace's experiment files as tasks. @param program path of the bundled terminal program */
export function registerExperimentTasks(program: string): vscode.Disposable {
  const tasks = async (): Promise<ExperimentTasks> => {
    const { ExperimentTasks } = await import('./experimentTasks.ts');
    return new ExperimentTasks(program);
  };
  return vscode.tasks.registerTaskProvider(TASK_TYPE, {
    provideTasks: async () => (await tasks()).provideTasks(),
    resolveTask: async (task) => (await tasks()).resolveTask(task),
  });
}
