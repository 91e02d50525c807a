import { describe, expect, it } from 'vitest';
import { placeOf } from '../../console/place.ts';

describe('addresses', () => {
  it('lead to their screens', () => {
    expect(placeOf('/')).toEqual({ screen: 'desk', ticketId: null });
    expect(placeOf('/atendimentos/abc')).toEqual({ screen: 'desk', ticketId: 'abc' });
    expect(placeOf('/configuracoes')).toEqual({ screen: 'settings', section: null });
    expect(placeOf('/configuracoes/canais')).toEqual({ screen: 'settings', section: 'canais' });
    expect(placeOf('/convite/a%20b')).toEqual({ screen: 'invite', token: 'a b' });
    expect(placeOf('/instalar')).toEqual({ screen: 'setup' });
    expect(placeOf('/entrar')).toEqual({ screen: 'sign-in' });
  });

  it('that do not exist say so, also broken ones', () => {
    for (const path of ['/x', '/atendimentos', '/atendimentos/a/b', '/convite', '/%E0%A4%A', '/instalar/x']) {
      expect(placeOf(path)).toEqual({ screen: 'nowhere' });
    }
  });
});
