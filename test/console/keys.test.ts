import { describe, expect, it } from 'vitest';
import { keyOf, type Pressed } from '../../console/keys.ts';

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  ...more,
});

describe('single keys', () => {
  it('work on the page, by the letter and not by its place on the keyboard', () => {
    expect(
      ['j', 'k', 'Enter', 'r', 'n', 'm', 'q', 'f', 'e', '?'].map((key) => keyOf(press(key), 'page', true)),
    ).toEqual(['j', 'k', 'Enter', 'r', 'n', 'm', 'q', 'f', 'e', '?']);
    expect(keyOf(press('x'), 'page', true)).toBeNull();
  });

  it('are off in fields and dialogs, during composition, and where they were switched off', () => {
    expect(keyOf(press('e'), 'field', true)).toBeNull();
    expect(keyOf(press('e'), 'dialog', true)).toBeNull();
    expect(keyOf(press('e', { isComposing: true }), 'page', true)).toBeNull();
    expect(keyOf(press('e'), 'page', false)).toBeNull();
  });

  it('never take what belongs to the browser or to AltGr', () => {
    expect(keyOf(press('r', { ctrlKey: true }), 'page', true)).toBeNull();
    expect(keyOf(press('k', { metaKey: true }), 'page', true)).toBeNull();
    expect(keyOf(press('e', { ctrlKey: true, altKey: true }), 'page', true)).toBeNull();
    expect(keyOf(press('e', { altKey: true }), 'page', true)).toBeNull();
  });

  it('leave Alt with the arrows to walk while writing', () => {
    expect(keyOf(press('ArrowDown', { altKey: true }), 'field', true)).toBe('j');
    expect(keyOf(press('ArrowUp', { altKey: true }), 'field', false)).toBe('k');
    expect(keyOf(press('ArrowDown'), 'field', true)).toBeNull();
  });
});
