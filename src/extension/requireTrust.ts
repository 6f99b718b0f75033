import * as vscode from 'vscode';
import { DistilleryError } from '../errors.ts';

/**
 * Refuses in a workspace that is not trusted. `when` in package.json only hides a command: keyboard shortcuts, links and other
 * extensions call it all the same.
 *
 * @throws DistilleryError `BAD_INPUT`
 */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new DistilleryError('BAD_INPUT', vscode.l10n.t('This workspace is not trusted.'), {
    hint: vscode.l10n.t('Trust it before you run or open what it holds.'),
  });
}
