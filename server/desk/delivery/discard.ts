import { actOnDelivery } from './decide.ts';

/** Gives up a message that has not left, or did not arrive. Refuses: message.not-found, message.moved-on. */
export const discard = actOnDelivery('message.discard', ['queued', 'failed', 'uncertain'], 'discarded');
