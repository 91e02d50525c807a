import type { Samples } from '../script.ts';

/** Customers of an internet provider, in Portuguese. */
export const ptInternetProvider: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+5551990000101',
    name: 'Ana Paula Souza',
    texts: [
      'Oi, bom dia! Tudo bem? 😊',
      'Minha internet caiu ontem à noite e até agora nada. Já desliguei o roteador da tomada, esperei uns minutos e liguei de novo, mas a luz vermelha continua piscando.',
      'Trabalho de casa e tenho uma reunião às 10h. Conseguem me ajudar?',
    ],
    department: 'Suporte técnico',
  },
  further: [
    {
      as: 'whatsapp',
      from: '+5551990000102',
      name: 'Mercado Boa Vista',
      texts: [
        'Bom dia, aqui é o Sérgio, do Mercado Boa Vista',
        'As maquininhas de cartão estão caindo toda hora, acho que é a internet oscilando',
        'Contrato 10432, Fibra 500',
      ],
      department: 'Suporte técnico',
    },
    {
      as: 'telegram',
      from: '@joao_batista_lima',
      name: 'João Batista Lima',
      texts: [
        'Boa tarde! Contratei o plano de 700 mega semana passada e o técnico ainda não apareceu',
        'Tem previsão da instalação?',
      ],
      department: 'Suporte técnico',
    },
    {
      as: 'email',
      from: 'financeiro@clinicasaolucas.example',
      name: 'Clínica São Lucas',
      texts: [
        'Prezados, bom dia.\n\nNão localizamos a nota fiscal da mensalidade de outubro. Poderiam nos enviar a segunda via da nota e do boleto, por gentileza?\n\nAtenciosamente,\nMárcia Toledo\nClínica São Lucas',
      ],
      department: 'Financeiro',
    },
    {
      as: 'whatsapp',
      from: '+5551990000103',
      name: 'Rafael Nogueira',
      texts: [
        'oi',
        'paguei o boleto ontem pelo pix mas a internet continua bloqueada 😕',
        'posso mandar o comprovante?',
      ],
      department: 'Financeiro',
    },
    {
      as: 'webchat',
      from: 'visitante-7c41',
      name: 'Tereza Cristina Alves',
      texts: ['Olá! Vocês atendem o bairro Jardim das Acácias?', 'Queria saber os planos e se tem taxa de instalação'],
      department: 'Comercial',
    },
    {
      as: 'telegram',
      from: '@condominio_ipe',
      name: 'Condomínio Ipê',
      texts: [
        'Bom dia. Sou o síndico do Condomínio Ipê, são 48 apartamentos.',
        'Gostaria de uma proposta para internet nas áreas comuns e nas câmeras.',
      ],
      department: 'Comercial',
    },
    {
      as: 'whatsapp',
      from: '+5551990000104',
      name: 'Dona Lurdes',
      texts: [
        'Boa tarde meu filho',
        'a televisão tá travando muito na hora da novela',
        'o menino que veio instalar disse que era só chamar aqui',
        'Deus abençoe 🙏',
      ],
      department: 'Suporte técnico',
    },
    {
      as: 'email',
      from: 'pedro.martins@correio.example',
      name: 'Pedro Martins',
      texts: [
        'Olá,\n\nVou me mudar no dia 15 e quero levar a internet para o novo endereço (Rua das Palmeiras, 220). O que preciso fazer e quanto custa?\n\nObrigado,\nPedro',
      ],
      department: 'Comercial',
    },
  ],
};
