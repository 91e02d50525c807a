import { describe, expect, it } from 'vitest';
import type { Attachment } from '#shared/message.ts';
import { attachedOf, isReady, messagesFor, withChange } from '../../console/state/reply-files.ts';

const photo: Attachment = {
  id: 'f1',
  kind: 'image',
  name: 'um.jpg',
  mime: 'image/jpeg',
  bytes: 981,
  width: 4,
  height: 3,
  seconds: null,
  thumbnail: true,
};

describe('files of a reply', () => {
  it('hold the reply back until each has arrived', () => {
    const going = { ...attachedOf(photo), key: 'k2', attachment: null, progress: 0.5 };
    expect(isReady([])).toBe(true);
    expect(isReady([attachedOf(photo)])).toBe(true);
    expect(isReady([attachedOf(photo), going])).toBe(false);
    expect(isReady([attachedOf(photo), { ...going, why: 'grande demais' }])).toBe(false);
    expect(isReady(withChange([going], 'k2', { attachment: photo }))).toBe(true);
  });

  it('that were taken out stay out when their upload ends', () => {
    expect(withChange([attachedOf(photo)], 'gone', { attachment: photo })).toEqual([attachedOf(photo)]);
  });

  it('become as many messages as the network needs', () => {
    expect([0, 1, 3].map((n) => messagesFor(n, 1))).toEqual([1, 1, 3]);
    expect([1, 10, 11].map((n) => messagesFor(n, 10))).toEqual([1, 1, 2]);
  });
});
