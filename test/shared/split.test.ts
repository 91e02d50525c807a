import { describe, expect, it } from 'vitest';
import type { Attachment } from '#shared/message.ts';
import { partsOf } from '#shared/split.ts';

const file = (kind: Attachment['kind']): Attachment => ({
  id: kind,
  kind,
  name: 'x',
  mime: 'audio/webm',
  bytes: 9,
  width: null,
  height: null,
  seconds: null,
  thumbnail: false,
});

describe('a reply as the messages of its network', () => {
  it('a voice message goes alone, after the words if there are any', () => {
    const voice = file('voice');
    expect(partsOf('telegram', false, '', [voice])).toEqual([{ text: '', attachments: [voice] }]);
    expect(partsOf('telegram', false, 'ouça', [voice])).toEqual([
      { text: 'ouça', attachments: [] },
      { text: '', attachments: [voice] },
    ]);
  });

  it('a picture bears the words', () => {
    const picture = file('image');
    expect(partsOf('whatsapp', false, 'veja', [picture])).toEqual([{ text: 'veja', attachments: [picture] }]);
  });
});
