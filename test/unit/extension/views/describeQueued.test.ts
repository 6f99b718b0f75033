import assert from 'node:assert/strict';
import { describeQueued, tellApart } from '../../../../src/extension/views/describeQueued.ts';
import { added, emptyQueue, type NewQueueEntry, type Queue } from '../../../../src/queue/queue.ts';

const translate = (text: string, ...values: (string | number | boolean)[]): string =>
  text.replaceAll(/\{(\d)\}/g, (_, place) => String(values[Number(place)]));

function queueOf(...entries: readonly Partial<NewQueueEntry>[]): Queue {
  return entries.reduce<Queue>(
    (queue, entry) => added(queue, { name: 'digits', experiment: {}, baseDirectory: '/a', ...entry }, new Date(0)),
    emptyQueue,
  );
}

function shown({ entries }: Queue): readonly string[] {
  const apart = tellApart(entries, translate);
  return entries.map((entry) => {
    const options = { now: 0, locale: 'en', translate, apart: apart.get(entry.id) ?? [] };
    const { label, description } = describeQueued(entry, options);
    return `${label}: ${description}`;
  });
}

describe('the entries of the view of the queue', () => {
  it('are told by name and state where no other is named alike', () => {
    assert.deepEqual(shown(queueOf({}, { name: 'other' }, { search: { atOnce: 2 } })), [
      'digits: Waiting · now',
      'other: Waiting · now',
      'digits: Search · Waiting · now',
    ]);
  });

  it('are told apart by what they are set to where they are named alike', () => {
    const five = { experiment: { training: { epochs: 5, seed: 0 }, student: { hidden: [8] } } };
    const nine = { experiment: { training: { epochs: 9, seed: 0 }, student: { hidden: [8] } } };
    assert.deepEqual(shown(queueOf(five, nine)), [
      'digits: training.epochs 5 · Waiting · now',
      'digits: training.epochs 9 · Waiting · now',
    ]);
    assert.deepEqual(shown(queueOf(five, { ...five, baseDirectory: '/b' })), [
      'digits: folder /a · Waiting · now',
      'digits: folder /b · Waiting · now',
    ]);
  });

  it('are counted where they are set alike, too', () => {
    const nine = { experiment: { epochs: 9 } };
    assert.deepEqual(shown(queueOf({}, {}, nine)), [
      'digits: No. 1 of 3 named alike · epochs – · Waiting · now',
      'digits: No. 2 of 3 named alike · epochs – · Waiting · now',
      'digits: epochs 9 · Waiting · now',
    ]);
  });

  it('leave room for that beside a long name', () => {
    const [one, two] = [5, 9].map((epochs) => ({
      name: 'digits of the clinic, second survey',
      experiment: { epochs },
    }));
    assert.deepEqual(shown(queueOf(one!, two!)), [
      'digits of the clini…: epochs 5 · Waiting · now',
      'digits of the clini…: epochs 9 · Waiting · now',
    ]);
    assert.deepEqual(shown(queueOf(one!)), ['digits of the clinic, second survey: Waiting · now']);
  });

  it('have what a narrow view cuts off in their tooltip', () => {
    const settings = ['a', 'b', 'c'].map((name) => ({ experiment: { x: name, y: name, z: name } }));
    const { entries } = queueOf(...settings);
    const apart = tellApart(entries, translate).get(3) ?? [];
    const described = describeQueued(entries[2]!, { now: 0, locale: 'en', translate, apart });
    assert.equal(described.description, 'x c · y c · Waiting · now');
    assert.equal(described.tooltip, 'digits\nx c\ny c\nz c\nWaiting\nnow');
    assert.equal(described.accessibleLabel, 'digits, x c, y c, Waiting, now');
  });
});
