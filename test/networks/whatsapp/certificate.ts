import { randomBytes } from 'node:crypto';
import { Curve, proto, WA_CERT_DETAILS } from '@whiskeysockets/baileys';

const { encode: encodeDetails } = proto.CertChain.NoiseCertificate.Details;

/**
 * Signs the server's static keys with a root of its own, which the client is made to trust: `WA_CERT_DETAILS` is
 * exported and read at each handshake. `garbage` signs with random bytes: the pinned client takes that too.
 */
export function certifier(): (key: Uint8Array, garbage: boolean) => Uint8Array {
  const root = Curve.generateKeyPair();
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root.public);
  return (key, garbage) => {
    const middle = Curve.generateKeyPair();
    const leaf = encodeDetails({ serial: 2, issuerSerial: 1, key }).finish();
    const between = encodeDetails({ serial: 1, issuerSerial: WA_CERT_DETAILS.SERIAL, key: middle.public }).finish();
    const sign = (by: { private: Uint8Array }, what: Uint8Array) =>
      garbage ? randomBytes(64) : Curve.sign(by.private, what);
    return proto.CertChain.encode({
      leaf: { details: leaf, signature: sign(middle, leaf) },
      intermediate: { details: between, signature: sign(root, between) },
    }).finish();
  };
}
