/** What a new company finds already named. */
export const company = {
  webchat: 'Chat do site',
  simulator: '{network} (simulador)',
  sampleReason: 'Assunto do departamento',
};
