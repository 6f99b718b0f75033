import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { formatPercent } from '../src/report/format.ts';
import { launchBrowser } from '../test/e2e/support/browser.ts';
import { CANCELLED_NAME, cancelledRun, DONE, lastAccuracy } from '../test/e2e/support/cancelledRun.ts';
import { startHost } from '../test/e2e/support/host.ts';
import { Panel } from '../test/e2e/support/panel.ts';
import { outputFolder } from '../test/e2e/support/paths.ts';
import { extensionsFolder, installPackagedExtension } from '../test/e2e/support/vsix.ts';
import { Workbench } from '../test/e2e/support/workbench.ts';

/** Frames per second that a browser shows on an ordinary screen. */
const BAR = 60;
/** Between two frames that are on time the clock may tell a little more than a sixtieth of a second. */
const TOLERANCE = 1.05;
const SECONDS = 4;
/** Curves that have a point for each step which is told: three losses, the learning rate, the speed. */
const CURVES = 5;
const VIEWPORT = { width: 1440, height: 900 };

/** Has a document note when it draws frames, until it is told to stop. */
const COUNT = `(() => {
  globalThis.frameTimes = [];
  globalThis.isCounting = true;
  const count = (now) => {
    globalThis.frameTimes.push(now);
    if (globalThis.isCounting) requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
})()`;
const STOP_COUNTING = 'globalThis.isCounting = false, globalThis.frameTimes';

interface Frames {
  /** Milliseconds between frames, in order. */
  readonly frames: readonly number[];
  /** Milliseconds that the page's thread worked for a frame, which other programs disturb little. */
  readonly work: number;
}

interface Moving extends Frames {
  readonly name: string;
  /** Whether it says what the machine can do, without anything of ours that moves. */
  readonly isAnchor?: true;
}

/**
 * Measures in a real VS Code, on the packed extension, how smoothly the curves of a run with a million points are looked at.
 *
 * @param words `points=N` for another number of points
 * @returns how many bars were missed
 */
export async function benchCurves(words: readonly string[]): Promise<number> {
  const points = Number(words.find((word) => /^points=\d+$/.test(word))?.slice('points='.length) ?? 1_000_000);
  const stepsPerEpoch = Math.round(points / CURVES / DONE);
  await installPackagedExtension();
  const folder = join(outputFolder, 'workspaces', 'bench-curves');
  await rm(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(cancelledRun(stepsPerEpoch, 1))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const host = await startHost({
    name: 'bench-curves',
    extensionsFolder,
    settings: { 'security.workspace.trust.enabled': false },
  });
  try {
    const browser = await launchBrowser();
    try {
      const anchor = await emptyPage(browser);
      const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
      const workbench = await Workbench.open(context, host, folder);
      const opening = await openRun(workbench);
      console.log(`${CURVES * stepsPerEpoch * DONE} points in ${CURVES} curves, of ${stepsPerEpoch * DONE} steps`);
      console.log(
        `from the click on the run to its first curves ${opening.first.toFixed(0)} ms, to all points ${opening.all.toFixed(0)} ms`,
      );
      return print(anchor, await lookAtCurves(workbench));
    } finally {
      await browser.close();
    }
  } finally {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the click until curves are drawn, and until they are drawn to their end. */
async function openRun(workbench: Workbench): Promise<{ readonly first: number; readonly all: number }> {
  await workbench.openActivity('Distillery');
  const run = workbench.treeRows().nth(1);
  await run.waitFor();
  const start = performance.now();
  await run.click();
  const panel = new Panel(workbench);
  await panel.part('chart.loss').locator('canvas').waitFor({ timeout: 120_000 });
  const first = performance.now() - start;
  await panel
    .part('chart.accuracy')
    .locator(`.chart-plot[aria-label*="${formatPercent(lastAccuracy)}"]`)
    .waitFor({ state: 'attached', timeout: 300_000 });
  return { first, all: performance.now() - start };
}

async function lookAtCurves(workbench: Workbench): Promise<readonly Moving[]> {
  const { page } = workbench;
  await workbench.tab(`Distill: ${CANCELLED_NAME}`).waitFor();
  const panel = new Panel(workbench);
  const plot = panel.part('chart.loss').locator('.u-over');
  await plot.scrollIntoViewIfNeeded();
  const box = await boxOf(plot);
  const sweep = (progress: number): Promise<void> =>
    page.mouse.move(box.x + box.width * (0.1 + 0.8 * swing(progress, 4)), box.y + box.height * (0.3 + 0.4 * progress));
  const done: Moving[] = [
    { name: 'nothing moves', isAnchor: true, ...(await during(plot, page, () => page.waitForTimeout(15))) },
  ];
  done.push({ name: 'the pointer moves over a chart', ...(await during(plot, page, sweep)) });
  await panel.part('chart.loss').locator('.chart-plot').focus();
  const keys = ['+', '+', '+', '+', 'ArrowRight', 'ArrowRight', 'ArrowLeft', '+', '+', '+', '-', '-', '0'];
  let key = 0;
  const zoom = async (): Promise<void> => {
    await page.keyboard.press(keys[key++ % keys.length] ?? '0');
    await page.waitForTimeout(60);
  };
  done.push({ name: 'zooming', ...(await during(plot, page, zoom)) });
  await page.keyboard.press('0');
  const slider = panel.part('charts.smoothing');
  await slider.scrollIntoViewIfNeeded();
  const track = await boxOf(slider);
  const at = (progress: number): readonly [number, number] => [
    track.x + track.width * (0.05 + 0.9 * swing(progress, 3)),
    track.y + track.height / 2,
  ];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  done.push({
    name: 'smoothing is dragged',
    ...(await during(slider, page, (progress) => page.mouse.move(...at(progress)))),
  });
  await page.mouse.up();
  done.push({ name: 'the pointer, over smoothed curves', ...(await during(plot, page, sweep)) });
  return done;
}

/** What the browser can do without anything of ours: a page with nothing but a pointer that moves. */
async function emptyPage(browser: Browser): Promise<Moving> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await page.setContent('<p>Nothing moves here.</p>');
  const move = (progress: number): Promise<void> => page.mouse.move(100 + 1000 * swing(progress, 4), 300);
  const frames = await during(page.locator('p'), page, move);
  await page.close();
  return { name: 'an empty page, without VS Code', isAnchor: true, ...frames };
}

/** Milliseconds between the frames of the document that `inside` is in, while something is done again and again. */
async function during(inside: Locator, page: Page, act: (progress: number) => Promise<void>): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
  const before = await worked();
  await inside.evaluate(COUNT);
  const start = performance.now();
  for (;;) {
    const progress = (performance.now() - start) / 1000 / SECONDS;
    if (progress >= 1) break;
    await act(progress);
    // As often as a mouse tells where it is.
    await page.waitForTimeout(4);
  }
  const times: readonly number[] = await inside.evaluate(STOP_COUNTING);
  const work = ((await worked()) - before) / times.length;
  await session.detach();
  return { frames: times.slice(1).map((time, index) => time - (times[index] ?? time)), work };
}

/** There and back so many times, from 0 to 1. */
function swing(progress: number, times: number): number {
  return (1 - Math.cos(progress * times * 2 * Math.PI)) / 2;
}

async function boxOf(part: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await part.boundingBox();
  if (!box) throw new Error('What is to be measured is not to be seen.');
  return box;
}

function print(anchor: Moving, measured: readonly Moving[]): number {
  console.log(
    `\nframes per second and milliseconds between frames, over ${SECONDS} s each (bar ${BAR} frames per second)`,
  );
  let missed = 0;
  for (const { name, isAnchor, frames, work } of [anchor, ...measured]) {
    const sorted = frames.toSorted((one, other) => one - other);
    const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
    const mean = frames.reduce((sum, frame) => sum + frame, 0) / frames.length;
    const isMissed = !isAnchor && mean > (1000 / BAR) * TOLERANCE;
    if (isMissed) missed += 1;
    const columns = [
      (1000 / mean).toFixed(1),
      quantile(0.5).toFixed(1),
      quantile(0.95).toFixed(1),
      quantile(1).toFixed(0),
    ];
    const [rate = '', median = '', late = '', worst = ''] = columns;
    console.log(
      `${name.padEnd(36)} ${rate.padStart(6)}  median ${median.padStart(5)}  95th percentile ${late.padStart(5)}  worst ${worst.padStart(4)}  work for a frame ${work.toFixed(1).padStart(4)}${isMissed ? '  MISSED' : ''}`,
    );
  }
  return missed;
}
