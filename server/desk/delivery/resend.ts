import { actOnDelivery } from './decide.ts';

/** Sends a message again that failed, or whose fate is unknown: the agent takes the risk that it comes twice. Refuses: message.not-found, message.moved-on. */
export const resend = actOnDelivery('message.resend', ['failed', 'uncertain'], 'queued');
