import type { Samples } from '../script.ts';

/** Customers of a shop, in Portuguese. */
export const ptShop: Samples = {
  opening: {
    as: 'whatsapp',
    from: '+5541990000301',
    name: 'Juliana Castro',
    texts: [
      'Oiii, boa tarde! 😍',
      'Vi no Instagram aquele vestido verde de linho. Ainda tem no tamanho M?',
      'É para um casamento no sábado, então precisava saber se chega até sexta aqui em Curitiba 🙏',
    ],
    department: 'Vendas',
  },
  further: [
    {
      as: 'whatsapp',
      from: '+5541990000302',
      name: 'Marcos Vinícius',
      texts: [
        'Boa tarde',
        'meu pedido 88213 está como entregue mas não recebi nada',
        'moro em prédio e o porteiro também não viu',
      ],
      department: 'Trocas e entregas',
    },
    {
      as: 'email',
      from: 'patricia.gomes@correio.example',
      name: 'Patrícia Gomes',
      texts: [
        'Olá,\n\nComprei um tênis número 37 e ficou pequeno. Gostaria de trocar pelo 38. A etiqueta está intacta. Como faço a devolução?\n\nPedido 88190.\n\nObrigada!',
      ],
      department: 'Trocas e entregas',
    },
    {
      as: 'webchat',
      from: 'visitante-a302',
      name: 'Felipe Rocha',
      texts: ['oi, o cupom BEMVINDO10 não está funcionando no carrinho'],
      department: 'Vendas',
    },
    {
      as: 'telegram',
      from: '@atelie_da_bia',
      name: 'Ateliê da Bia',
      texts: ['Oi! Vocês vendem no atacado?', 'Queria 30 peças lisas para bordar, branco e cru'],
      department: 'Vendas',
    },
    {
      as: 'whatsapp',
      from: '+5541990000303',
      name: 'Sônia Regina',
      texts: ['bom dia', 'passei o cartão duas vezes sem querer', 'vem cobrado em dobro?? 😟'],
      department: 'Financeiro',
    },
    {
      as: 'email',
      from: 'compras@hotelserra.example',
      name: 'Hotel Serra Azul',
      texts: [
        'Bom dia,\n\nPrecisamos da nota fiscal do pedido 88102 em nome da empresa (CNPJ no cadastro). A que veio está no CPF do nosso comprador.\n\nAtenciosamente,\nSetor de compras',
      ],
      department: 'Financeiro',
    },
    {
      as: 'webchat',
      from: 'visitante-5d7e',
      name: 'Larissa',
      texts: ['Vocês têm loja física?', 'Queria experimentar antes de comprar 😅'],
      department: 'Vendas',
    },
    {
      as: 'telegram',
      from: '@gustavo_henrique',
      name: 'Gustavo Henrique',
      texts: [
        'Chegou hoje, super bem embalado! 👏',
        'Só veio a cor errada: pedi azul-marinho e veio preto. Como troco?',
      ],
      department: 'Trocas e entregas',
    },
  ],
};
