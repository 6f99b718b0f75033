import type * as vscode from 'vscode';
import type { Reports } from '../runs/reports.ts';
import type { Runs } from '../runs/runSupervisor.ts';

/** What panels work with. */
export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly runs: Runs;
  readonly reports: Reports;
  /** Path of the bundled child process. */
  readonly trainerProgram: string;
  readonly log: vscode.LogOutputChannel;
}
