import assert from 'node:assert/strict';
import { htmlPage } from '../../../../src/rendering/htmlPage.ts';
import { html } from '../../../../src/report/drawings/html.ts';
import { keepTogether } from '../../../../src/report/wording/keepTogether.ts';

describe('keepTogether', () => {
  const shown = (text: string): string => keepTogether(text).replaceAll('\u00a0', '_');

  it('keeps a number and its unit on one line', () => {
    assert.equal(shown('Best 99.3 % after 12 epochs, 9.9 MB, 512 B.'), 'Best 99.3_% after 12 epochs, 9.9_MB, 512_B.');
    assert.equal(shown('4.2 µs, 12.5 ms, 1.20 s (42 s)'), '4.2_µs, 12.5_ms, 1.20_s (42_s)');
    assert.equal(shown('12.4 k parameters, +0.42 points'), '12.4_k parameters, +0.42_points');
    assert.equal(shown('高 0.42 个百分点'), '高 0.42_个百分点');
  });

  it('keeps a time of two units and a figure with its deviation in one piece', () => {
    assert.equal(shown('Took 3 min 05 s, then 1 h 02 min.'), 'Took 3_min_05_s, then 1_h_02_min.');
    assert.equal(shown('95.2 ± 0.3 %'), '95.2_±_0.3_%');
  });

  it('leaves words and names as they are', () => {
    for (const text of ['7 samples', 'epoch 3 so far', '2 hidden layers', 'block1 s', 'a 4 kernel', 'of 100 bitten'])
      assert.equal(shown(text), text === 'block1 s' ? 'block1_s' : text);
  });

  it('is what pages do with texts, and not with attributes', () => {
    const body = html`<p title="99 %">${['99 %', ' of ', '3 s']}</p>
      <path d="M 3 3 h 5 h 2" />7 %`;
    const page = htmlPage({ title: 'a', summary: '5 s', body }).replaceAll('\u00a0', '_');
    assert.ok(page.includes('<p title="99 %">99_% of 3_s</p>'), page);
    assert.ok(page.includes('<path d="M 3 3 h 5 h 2" />7_%'), page);
    assert.ok(page.includes('<p class="summary">5_s</p>'), page);
  });
});
