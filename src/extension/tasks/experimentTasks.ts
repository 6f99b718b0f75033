import '../jitlessSchemas.ts';
import * as vscode from 'vscode';
import * as z from 'zod';
import { findExperimentFiles, readDraft } from '../experiments/experimentFiles.ts';
import { taskInvocation, TASK_COMMANDS, TASK_TYPE } from './taskInvocation.ts';

/** As package.json names what finds problems in what tasks say. */
const MATCHER = '$distillery';

const definitionSchema = z.looseObject({
  type: z.literal(TASK_TYPE),
  command: z.enum(TASK_COMMANDS),
  file: z.string(),
  args: z.array(z.string()).optional(),
});

type Definition = z.infer<typeof definitionSchema>;

/** Runs of the workspace's experiment files as tasks in the terminal. @param program path of the bundled terminal program */
export class ExperimentTasks implements vscode.TaskProvider {
  readonly #program: string;

  constructor(program: string) {
    this.#program = program;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    const files = await findExperimentFiles();
    const tasks = await Promise.all(
      files.map(async ({ uri }) => {
        const folder = vscode.workspace.getWorkspaceFolder(uri);
        if (!folder) return [];
        const file = vscode.workspace.asRelativePath(uri, false);
        const draft = await readDraft(uri.fsPath).catch(() => ({}));
        const commands: readonly Definition['command'][] = 'search' in draft ? ['run', 'search'] : ['run'];
        return commands.map((command) => this.#task({ type: TASK_TYPE, command, file }, folder));
      }),
    );
    return tasks.flat();
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const parsed = definitionSchema.safeParse(task.definition);
    const folder = isFolder(task.scope) ? task.scope : vscode.workspace.workspaceFolders?.[0];
    // VS Code takes a resolved task only with the very definition that it asked about.
    return parsed.success && folder ? this.#task(parsed.data, folder, task.definition) : undefined;
  }

  #task(
    definition: Definition,
    folder: vscode.WorkspaceFolder,
    asked: vscode.TaskDefinition = definition,
  ): vscode.Task {
    const { program, args, environment } = taskInvocation(this.#program, definition);
    return new vscode.Task(
      asked,
      folder,
      `${definition.command} ${definition.file}`,
      TASK_TYPE,
      new vscode.ProcessExecution(program, [...args], { cwd: folder.uri.fsPath, env: environment }),
      MATCHER,
    );
  }
}

function isFolder(scope: vscode.Task['scope']): scope is vscode.WorkspaceFolder {
  return typeof scope === 'object';
}
