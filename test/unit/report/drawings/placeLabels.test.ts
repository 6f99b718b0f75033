import assert from 'node:assert/strict';
import { placeLabels } from '../../../../src/report/drawings/placeLabels.ts';

const frame = { left: 0, right: 400, top: 0, bottom: 200 };

describe('placeLabels', () => {
  it('writes a text to the right of its point, and to the left at the right edge', () => {
    const [middle, edge] = placeLabels(
      [
        { text: 'Student', x: 100, y: 100 },
        { text: 'Student', x: 390, y: 100 },
      ],
      frame,
    );
    assert.deepEqual([middle!.anchor, middle!.x > 100], ['start', true]);
    assert.deepEqual([edge!.anchor, edge!.x < 390], ['end', true]);
  });

  it('writes texts of points that lie together apart from each other', () => {
    const points = ['Student', 'Baseline', 'Static int8', 'Float16'].map((text, index) => ({
      text,
      x: 200 + index,
      y: 100 + index,
    }));
    const placed = placeLabels(points, frame);
    for (const [index, one] of placed.entries()) {
      for (const other of placed.slice(index + 1)) {
        assert.ok(one.anchor !== other.anchor || Math.abs(one.y - other.y) >= 14, `${one.text} hides ${other.text}`);
      }
    }
  });

  it('leaves room for texts that stand there already', () => {
    const written = { text: 'Teacher: 98 %', x: 200, y: 90, anchor: 'end' } as const;
    const [placed] = placeLabels([{ text: 'Student', x: 130, y: 98 }], frame, [written]);
    assert.ok(Math.abs(placed!.y - written.y) >= 14 || placed!.anchor === 'end', JSON.stringify(placed));
    const [alone] = placeLabels([{ text: 'Student', x: 130, y: 98 }], frame);
    assert.deepEqual([alone!.y, alone!.anchor], [90, 'start']);
  });

  it('places a text even where there is no room', () => {
    const tiny = { left: 0, right: 10, top: 0, bottom: 10 };
    assert.equal(placeLabels([{ text: 'Student', x: 5, y: 5 }], tiny).length, 1);
  });
});
