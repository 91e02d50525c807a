import type { Samples } from '../script.ts';

/** Customers of any business, in Portuguese. */
export const ptBlank: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+5531990000401',
    name: 'Fernanda Lopes',
    texts: [
      'Oi, boa tarde! Tudo bem? 😊',
      'Uma amiga indicou vocês e eu queria tirar umas dúvidas antes de contratar.',
      'Pode ser por aqui mesmo?',
    ],
    department: 'Atendimento',
  },
  further: [
    {
      as: 'whatsapp',
      from: '+5531990000402',
      name: 'Carlos Mendes',
      texts: ['Bom dia', 'Preciso remarcar meu horário de amanhã para quinta, pode ser?'],
      department: 'Atendimento',
    },
    {
      as: 'email',
      from: 'beatriz.campos@correio.example',
      name: 'Beatriz Campos',
      texts: [
        'Olá,\n\nPoderiam me enviar um orçamento? São três salas, cerca de 60 m² no total. Posso mandar fotos se ajudar.\n\nAbraço,\nBeatriz',
      ],
      department: 'Atendimento',
    },
    {
      as: 'telegram',
      from: '@diego_santana',
      name: 'Diego Santana',
      texts: ['E aí, pessoal', 'Vocês abrem no feriado?'],
      department: 'Atendimento',
    },
    {
      as: 'webchat',
      from: 'visitante-c90f',
      name: 'Mariana',
      texts: ['Olá! Qual o prazo de entrega para Belo Horizonte?'],
      department: 'Atendimento',
    },
    {
      as: 'whatsapp',
      from: '+5531990000403',
      name: 'Oficina do Nelson',
      texts: ['boa tarde', 'ficou pronto o meu pedido?', 'qualquer coisa passo aí no fim do dia'],
      department: 'Atendimento',
    },
    {
      as: 'email',
      from: 'diretoria@institutoaurora.example',
      name: 'Instituto Aurora',
      texts: [
        'Bom dia.\n\nGostaríamos de renovar o contrato que vence no fim do mês, nas mesmas condições. Qual é o procedimento?\n\nCordialmente,\nRoberto Aguiar',
      ],
      department: 'Atendimento',
    },
    {
      as: 'webchat',
      from: 'visitante-31aa',
      name: 'Visitante 31aa',
      texts: ['alguém aí?', 'preciso falar com uma pessoa sobre um pagamento'],
      department: 'Atendimento',
    },
    {
      as: 'telegram',
      from: '@silvia_prado',
      name: 'Sílvia Prado',
      texts: ['Só passando para agradecer o atendimento da semana passada. Resolveu tudo! 💚'],
      department: 'Atendimento',
    },
  ],
};
