#!/usr/bin/env -S node --import tsx
/**
 * Stands in for the executable of a desktop VS Code: takes the same arguments, runs the extension's tests in the
 * extension host of a VS Code server with its workbench in a headless browser, and exits with the tests' exit code.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import { launchBrowser } from './browser.ts';
import './endWithParent.ts';
import { startHost } from './host.ts';
import { outputFolder } from './paths.ts';

const patience = 180_000;

process.exitCode = await runTestsInPage();

async function runTestsInPage(): Promise<number> {
  const host = await startHost({
    name: 'suite',
    settings: { 'security.workspace.trust.enabled': false },
    // A built workbench heeds the payload below only with this driver on.
    args: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  const consoleLines: string[] = [];
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const exited = new Promise<number>((resolve) => {
        void page.exposeFunction('codeAutomationExit', resolve);
      });
      await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
        consoleLines.push(format(...args));
      });
      const remote = `vscode-remote://127.0.0.1:${host.port}`;
      await page.goto(
        host.url(workspaceArgument(), [
          ['extensionDevelopmentPath', remote + argument('extensionDevelopmentPath')],
          ['extensionTestsPath', remote + argument('extensionTestsPath')],
          ['skipWelcome', 'true'],
        ]),
      );
      const code = await Promise.race([exited, timeLimit()]);
      if (code !== 0) {
        const screenshot = join(outputFolder, 'screenshots', 'failed-suite.png');
        await mkdir(join(outputFolder, 'screenshots'), { recursive: true });
        await page.screenshot({ path: screenshot });
        console.log(`Screenshot: ${screenshot}`);
        console.log(`The extension host’s console ends:\n${consoleLines.slice(-10).join('\n')}`);
        console.log(`The server’s log ends:\n${await host.logTail()}`);
      }
      return code;
    } finally {
      await browser.close();
    }
  } finally {
    await host.stop();
  }
}

function argument(name: string): string {
  const value = process.argv.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (value === undefined) throw new Error(`The stand-in for VS Code needs --${name}=…`);
  return value;
}

function workspaceArgument(): string {
  const value = process.argv.slice(2).find((text) => !text.startsWith('-'));
  if (value === undefined) throw new Error('The stand-in for VS Code needs a workspace folder.');
  return value;
}

function timeLimit(): Promise<number> {
  return new Promise((resolve) => {
    setTimeout(() => {
      console.log(`The tests in the extension host did not end within ${patience / 1000} s.`);
      resolve(1);
    }, patience).unref();
  });
}
