import { actOnDelivery } from './decide.ts';

/** The agent has seen that a message of unknown fate arrived. Refuses: message.not-found, message.moved-on. */
export const confirm = actOnDelivery('message.confirm', ['uncertain'], 'sent');
