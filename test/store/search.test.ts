import { describe, expect, it } from 'vitest';
import { foldedWords, prefixOf, rarestFirst } from '#server/store/folding.ts';
import { story } from '../support/story.ts';

describe('the search of tickets', async () => {
  const desk = await story();
  const { admin } = desk;
  await desk.writes('oi', { from: '+551', name: 'Conceição Araújo' });
  await desk.writes('oi', { from: '+552', name: 'Concessionária Sul (matriz)' });
  const found = async (q: string): Promise<string[]> =>
    (await admin.get(`/tickets?q=${encodeURIComponent(q)}`)).body.items.map(
      (item: { contact: { name: string } }) => item.contact.name,
    );

  it('finds by the beginnings of words, without case and accents, all of them', async () => {
    expect(await found('conce')).toEqual(['Concessionária Sul (matriz)', 'Conceição Araújo']);
    expect(await found('CONCEICAO ara')).toEqual(['Conceição Araújo']);
    expect(await found('sul conceicao')).toEqual([]);
    expect(await found('raújo')).toEqual([]);
  });

  it('finds by protocol, whole or by its number', async () => {
    const { protocol } = await desk.ticketOf('+551');
    expect(await found(protocol)).toEqual(['Conceição Araújo']);
    expect(await found(protocol.split('-')[1])).toEqual(['Conceição Araújo']);
  });

  it.each(['.*', '^', '[a-z]', '(', '\\', '$where', 'a{1,1000}', '+'])('takes %s as plain text', async (q) => {
    expect((await admin.get(`/tickets?q=${encodeURIComponent(q)}`)).status).toBe(200);
    for (const word of foldedWords(q)) expect(() => new RegExp(prefixOf(word).$regex)).not.toThrow();
  });

  it('asks first for the words that few texts share', () => {
    expect(rarestFirst(['de', 'cliente', '199'])).toEqual(['199', 'cliente', 'de']);
  });
});
