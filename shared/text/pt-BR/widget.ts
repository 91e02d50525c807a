/** The button on the visited site; kept apart so that the loader carries nothing else. */
export const launcher = {
  open: 'Abrir o chat',
  close: 'Fechar o chat',
  unread: 'Abrir o chat, novas mensagens: {n}',
};

/** What a visitor of the web chat reads. */
export const widget = {
  close: 'Fechar',
  log: 'Mensagens',
  name: 'Seu nome (opcional)',
  placeholder: 'Escreva sua mensagem',
  send: 'Enviar',
  you: 'Você',
  connecting: 'Conectando…',
  offline: 'Sem conexão. Suas mensagens serão enviadas assim que ela voltar.',
  waiting: 'Muitas mensagens seguidas. As próximas saem em instantes.',
  sending: 'enviando',
  queued: 'na fila',
  sent: 'enviada',
  failed: 'não enviada',
  retry: 'Tentar de novo',
  discard: 'Descartar',
  today: 'Hoje',
  unavailable: 'O chat não está disponível agora.',
  reload: 'Tentar de novo',
};
