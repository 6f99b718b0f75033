/**
 * Records a run in a real VS Code, from the command to the report, as an animation for the README: `node --import tsx
 * test/e2e/recordRun.ts` writes `docs/images/run.webp`. The runs of the picture are real ones, shown as they come.
 */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { launchBrowser } from './support/browser.ts';
import { startHost } from './support/host.ts';
import { Panel } from './support/panel.ts';
import { outputFolder, repositoryRoot } from './support/paths.ts';
import { endRunsIn } from './support/runFolders.ts';
import { extensionsFolder, installPackagedExtension } from './support/vsix.ts';
import { Workbench } from './support/workbench.ts';

const VIEWPORT = { width: 1280, height: 800 };
const SHOWN_WIDTH = 880;
const FRAME_MS = 700;
/** Frames of the training: a run that takes longer is shown at a faster pace. */
const MOST_FRAMES = 16;
const LAST_MS = 4000;
const MOST_BYTES = 500_000;

interface Frame {
  readonly picture: Buffer;
  readonly milliseconds: number;
}

const path = join(repositoryRoot, 'docs', 'images', 'run.webp');
const folder = join(outputFolder, 'workspaces', 'recording');
await installPackagedExtension();
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const host = await startHost({
  name: 'recording',
  extensionsFolder,
  settings: { 'security.workspace.trust.enabled': false },
});
try {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
    const frames = await record(await Workbench.open(context, host, folder));
    await write(frames);
  } finally {
    await browser.close();
  }
} finally {
  endRunsIn(folder);
  await host.stop();
}
console.log(`${path}: ${((await stat(path)).size / 1000).toFixed(0)} kB`);

/** From the form to the report. */
async function record(workbench: Workbench): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  const take = async (milliseconds: number): Promise<void> => {
    // Where nothing reacts to it, and after what did has gone.
    await workbench.page.mouse.move(640, 790);
    await workbench.page.waitForTimeout(1000);
    frames.push({ picture: await workbench.page.screenshot(), milliseconds });
  };
  await workbench.openActivity('Distillery');
  await workbench.runCommand('Distillery: Try the Built-in Digits');
  const panel = new Panel(workbench);
  await panel.waitUntilShown();
  // What teacher and data are is found out while one looks.
  await panel.part('page.configure').getByText('10 classes').waitFor({ timeout: 60_000 });
  await take(2500);
  await panel.start();
  await panel.waitForState('running');
  const training: Frame[] = [];
  const report = panel.part('report');
  while (!(await report.isVisible())) {
    await workbench.page.mouse.move(640, 790);
    training.push({ picture: await workbench.page.screenshot(), milliseconds: FRAME_MS });
    await workbench.page.waitForTimeout(FRAME_MS);
  }
  const pace = Math.max(1, training.length / MOST_FRAMES);
  frames.push(...training.filter((_, index) => Math.floor(index / pace) !== Math.floor((index - 1) / pace)));
  await workbench.page.waitForTimeout(1000);
  await take(LAST_MS);
  return frames;
}

async function write(frames: readonly Frame[]): Promise<void> {
  const shown = await Promise.all(
    frames.map(({ picture }) => sharp(picture).resize({ width: SHOWN_WIDTH }).png().toBuffer()),
  );
  const animation = await sharp(shown, { join: { animated: true } })
    .webp({ quality: 60, effort: 6, loop: 0, delay: frames.map(({ milliseconds }) => milliseconds) })
    .toBuffer();
  if (animation.length > MOST_BYTES)
    throw new Error(`The animation has ${animation.length} bytes; ${MOST_BYTES} are the most.`);
  await writeFile(path, animation);
}
