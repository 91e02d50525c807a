/** What the desk itself writes to customers. */
export const customer = {
  device: 'Celular',
  farewell: 'Atendimento {protocol} encerrado. Se precisar, é só escrever de novo. Obrigado!',
  webchatTitle: 'Fale com a gente',
  webchatGreeting: 'Olá! Como podemos ajudar?',
};
