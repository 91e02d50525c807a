import type { company as source } from '../pt-BR/company.ts';

export const company: typeof source = {
  webchat: 'Web chat',
  simulator: '{network} (simulator)',
  sampleReason: 'Subject of the department',
};
