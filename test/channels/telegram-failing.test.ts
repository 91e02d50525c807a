import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../networks/telegram/faults.ts';
import { faults } from '../networks/telegram/faults.ts';
import { attached, big, impatient, online, say, seen, testPace, type World } from '../networks/telegram/world.ts';

describe('a send to Telegram that fails', () => {
  const both = [
    ['text', 'sendMessage'],
    ['file', 'sendDocument'],
  ] as const;
  const attempt = (world: World, what: 'text' | 'file') => {
    const about = { kind: 'file' as const, mime: 'a/b', name: 'a' };
    return say(world, what === 'text' ? { text: 'oi' } : { text: 'oi', attachments: [attached(world, about)] });
  };
  for (const [what, method] of both) {
    it.each<[string, Fault, object]>([
      ['is refused when the customer blocked the bot', faults.blocked, { fault: 'refused', code: 'telegram.blocked' }],
      [
        'is refused for what the Bot API does not take',
        faults.entities,
        { fault: 'refused', code: 'telegram.refused' },
      ],
      ['waits as long as a 429 says', faults.tooMany(17), { fault: 'temporary', retryAfterMs: 17_000 }],
      ['parks the queue without a valid token', faults.unauthorized, { fault: 'logged-out', code: 'telegram.token' }],
    ])(`${what}: %s, and nothing arrives`, async (_what, fault, error) => {
      const world = await online();
      world.fake.faults.plan(method, fault);
      await expect(attempt(world, what)).rejects.toMatchObject(error);
      expect(seen(world)).toEqual([]);
      await attempt(world, what);
      expect(seen(world)).toHaveLength(1);
    });
    it.each<[string, Fault, string, number]>([
      ['a cut before it was read', faults.cutBefore, 'telegram.no-answer', 0],
      ['a cut after it was taken', faults.cutAfter, 'telegram.no-answer', 1],
      ['silence', faults.hang, 'telegram.no-answer', 0],
      ['silence after it was taken', { type: 'hang', taken: true }, 'telegram.no-answer', 1],
      ['a broken gateway', faults.badGateway, 'telegram.unavailable', 0],
      ['a broken gateway after it was taken', { type: 'html', status: 504, taken: true }, 'telegram.unavailable', 1],
    ])(`${what}: %s leaves it uncertain, and it is not sent again`, async (_what, fault, code, arrived) => {
      const world = await online(fault.type === 'hang' ? impatient : testPace);
      world.fake.faults.plan(method, fault);
      expect(await attempt(world, what)).toEqual({ uncertain: code });
      expect(seen(world)).toHaveLength(arrived);
    });
    it(`${what}: certainly did not leave when there is no connection`, async () => {
      const world = await online();
      await world.fake.stop();
      await expect(attempt(world, what)).rejects.toMatchObject({ fault: 'temporary', code: 'telegram.unreachable' });
      await world.fake.listen();
      expect(seen(world)).toEqual([]);
    });
    it(`${what}: follows a group that became a supergroup, once, and remembers it`, async () => {
      const world = await online();
      const { host, fake, channel } = world;
      const [old, now] = [-500, -1_001_234_567_890];
      fake.customer(old, 'Grupo');
      fake.customer(now, 'Grupo');
      fake.faults.plan(method, faults.migrated(now));
      const about = { kind: 'file' as const, mime: 'a/b', name: 'a' };
      const content = () => (what === 'text' ? { text: 'oi' } : { text: 'oi', attachments: [attached(world, about)] });
      const message = host.outbound('', content());
      expect(await channel.send(String(old), message)).toEqual({ externalId: `${now}:1` });
      expect(message.claimed).toHaveLength(1);
      await channel.send(String(old), host.outbound('', content()));
      expect(fake.called(method).map(({ chat_id }) => Number(chat_id))).toEqual([old, now, now]);
      expect(fake.chat(now).messages).toHaveLength(2);
      if (what === 'file') expect(fake.chat(now).messages[0]?.file?.bytes.equals(big)).toBe(true);
    });
  }
  it.each([
    ['Forbidden: user is deactivated', 403, 'telegram.deactivated'],
    ["Forbidden: bot can't initiate conversation with a user", 403, 'telegram.not-started'],
    ['Forbidden: something new', 403, 'telegram.forbidden'],
    ['Bad Request: chat not found', 400, 'telegram.chat-not-found'],
    ['Bad Request: message text is empty', 400, 'telegram.empty'],
    ['Bad Request: message is too long', 400, 'telegram.too-long'],
    ['Bad Request: message caption is too long', 400, 'telegram.too-long'],
    ['Request Entity Too Large', 413, 'telegram.too-big'],
    ['Bad Request: VOICE_MESSAGES_FORBIDDEN', 400, 'telegram.voice-forbidden'],
    ['Bad Request: something new', 400, 'telegram.refused'],
  ])('for "%s" has a code of its own', async (description, status, code) => {
    const world = await online();
    world.fake.faults.plan('sendMessage', { type: 'answer', status, description });
    await expect(attempt(world, 'text')).rejects.toMatchObject({ fault: 'refused', code });
  });
  it('to what is no address is refused', async () => {
    const { channel, host } = await online();
    for (const wrong of ['', '@ana', '1:2', '1/2/3', 'x']) {
      const sent = channel.send(wrong, host.outbound('', { text: 'oi' }));
      await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'telegram.chat-not-found' });
    }
  });
  it('because its file breaks off may be tried again: it cannot have been taken', async () => {
    const world = await online();
    const about = { kind: 'file' as const, mime: 'a/b', name: 'a' };
    const attachment = attached(world, about);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield big.subarray(0, 100_000);
      throw new Error('the disk is gone');
    }
    const open = vi.spyOn(world.host.media, 'open').mockResolvedValueOnce({ about: attachment, bytes: broken() });
    const content = { text: '', attachments: [attachment] };
    await expect(say(world, content)).rejects.toMatchObject({ fault: 'temporary', code: 'media.unreadable' });
    open.mockResolvedValueOnce({
      about: attachment,
      bytes: (async function* () {
        yield big.subarray(1);
      })(),
    });
    await expect(say(world, content)).rejects.toMatchObject({ fault: 'temporary', code: 'media.unreadable' });
    expect(seen(world)).toEqual([]);
    await say(world, content);
    expect(seen(world)[0]?.file?.bytes.equals(big)).toBe(true);
  });
  it('with a lost lease in the middle is uncertain, not sent again', async () => {
    const world = await online();
    world.fake.faults.plan('sendMessage', { type: 'hang', taken: true });
    const sent = attempt(world, 'text');
    await vi.waitFor(() => expect(seen(world)).toHaveLength(1));
    world.host.loseLease();
    expect(await sent).toEqual({ uncertain: 'telegram.no-answer' });
  });
  it('is uncertain after an answer that is not from the Bot API', async () => {
    const world = await online();
    world.fake.faults.plan('sendMessage', { type: 'html', status: 404 });
    expect(await attempt(world, 'text')).toEqual({ uncertain: 'telegram.no-answer' });
  });
  it('because its file is too large for a front is refused, although the front read none of it', async () => {
    const world = await online();
    world.fake.faults.plan('sendDocument', { type: 'html', status: 413, early: true });
    const large = attached(world, { kind: 'file', mime: 'a/b', name: 'a' }, Buffer.alloc(8_000_000, 1));
    const sent = say(world, { text: '', attachments: [large] });
    await expect(sent).rejects.toMatchObject({ fault: 'refused', code: 'telegram.too-big' });
    expect(seen(world)).toEqual([]);
  });
});
